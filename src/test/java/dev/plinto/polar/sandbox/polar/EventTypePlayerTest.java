package dev.plinto.polar.sandbox.polar;

import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.data;
import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.json;
import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.names;
import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.types;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.polar.EventType;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The simulated Polar can emit each event type that `polar` knows.
class EventTypePlayerTest {

    private final SimulatedPolar polar = new SimulatedPolar(InstantSource.fixed(Instant.parse("2026-11-03T08:00:00Z")),
            new Random(9));
    private final ScenarioPlayer player = new ScenarioPlayer(polar);

    @Test
    void everyEventType_hasAFixture() {
        List<String> emitted = types(EveryEventType.events(1));

        assertThat(emitted).containsAll(Arrays.stream(EventType.values()).map(EventType::wireName).toList());
    }

    @ParameterizedTest
    @EnumSource
    void everyType_canBePlayed_afterAnyOther(EventType type) {
        for (int i = 0; i < 2; i++) {
            assertThat(types(player.play(type, "org-1").events())).contains(type.wireName());
        }
        for (EventType before : EventType.values()) {
            String organization = "org-" + before.wireName();
            player.play(before, organization);
            assertThat(types(player.play(type, organization).events())).contains(type.wireName());
        }
    }

    @Test
    void result_namesCustomerAndSubscription() {
        ScenarioPlayer.Played deleted = player.play(EventType.CUSTOMER_DELETED, "org-gone");
        assertThat(deleted.events().getFirst().type()).isEqualTo("member.created");
        assertThat(deleted.customer().toString())
                .isEqualTo(data(deleted.events(), "customer.deleted").get("id").asText());

        ScenarioPlayer.Played paused = player.play(EventType.SUBSCRIPTION_PAUSED, "org-paused");
        assertThat(paused.subscription().toString())
                .isEqualTo(data(paused.events(), "subscription.paused").get("id").asText());
        assertThat(player.play(EventType.PRODUCT_CREATED, "org-none").customer()).isNull();
    }

    @Test
    void futureFields_areInEveryEvent_andOnlyMeanwhile() {
        polar.withFutureFields(() -> polar.customers().create("org-1"));
        assertThat(polar.takeEvents()).hasSize(3).allSatisfy(event -> {
            assertThat(names(json(event))).contains("region");
            assertThat(names(json(event).get("data"))).contains("carbon");
        });

        polar.customers().create("org-1");
        assertThat(polar.takeEvents()).allSatisfy(event -> assertThat(names(json(event))).doesNotContain("region"));
    }

    @Test
    void unknownType_isReallyUnknown() {
        polar.emitUnknownType(polar.customers().create("org-1"));

        assertThat(EventType.of(polar.takeEvents().getLast().type())).isEmpty();
    }
}
