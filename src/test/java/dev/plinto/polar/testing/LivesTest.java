package dev.plinto.polar.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.polar.EventType;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The property tests try what they promise only if lives get that far.
class LivesTest {

    /// That say nothing we keep, or come about otherwise.
    private static final Set<EventType> IN_NO_LIFE = EnumSet.of(EventType.BENEFIT_CREATED, EventType.DISCOUNT_CREATED,
            EventType.DISCOUNT_UPDATED, EventType.DISCOUNT_DELETED, EventType.ORGANIZATION_UPDATED,
            EventType.SUBSCRIPTION_MIGRATED);

    @Test
    void aThousandLives_haveEachEventThatStatesSomething_andEachStatus() {
        Random random = new Random(955_257);
        Set<String> types = new TreeSet<>();
        Map<String, Set<String>> statuses = new TreeMap<>();
        for (int life = 0; life < 1_000; life++) {
            List<Integer> choices = IntStream.range(0, 8).mapToObj(i -> random.nextInt(100_000)).toList();
            for (WebhookEvent event : Lifecycle.of(choices).events()) {
                types.add(event.type());
                JsonNode status = AlteredEvents.json(event).path("data").path("status");
                if (status.isTextual()) {
                    statuses.computeIfAbsent(event.type().split("\\.")[0], kind -> new TreeSet<>())
                            .add(status.textValue());
                }
            }
        }

        assertThat(types).containsAll(EnumSet.complementOf(EnumSet.copyOf(IN_NO_LIFE)).stream()
                .map(EventType::wireName).toList());
        assertThat(statuses.get("checkout")).contains("open", "expired", "confirmed", "succeeded", "failed");
        assertThat(statuses.get("customer_seat")).contains("pending", "claimed", "revoked");
        assertThat(statuses.get("order")).contains("pending", "paid", "partially_refunded", "refunded");
    }
}
