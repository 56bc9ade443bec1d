package dev.plinto.polar.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.usage.ParkedUsage.ParkedEvent;
import dev.plinto.polar.usage.ParkedUsage.Position;
import dev.plinto.polar.usage.ParkedUsage.Reference;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an operator does with events that Polar refuses.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ParkedUsageTest extends UsageAtPolar {

    private static final String LOCK = "SELECT FROM usage_events WHERE id = '%s' FOR UPDATE";

    @Inject
    ParkedUsage parked;

    @Test
    void parkedEvents_areListedInPages_eachOnce() {
        List<Reference> all = new ArrayList<>();
        for (String each : List.of("usage-a", "usage-b")) {
            for (int i = 0; i < 3; i++) {
                all.add(park(each, "key-" + i));
            }
        }
        add("usage-a", "pending", "1");

        List<ParkedEvent> listed = new ArrayList<>();
        List<ParkedEvent> page = list(Position.before(""), 4);
        while (!page.isEmpty()) {
            listed.addAll(page);
            page = list(page.getLast().position(), 4);
        }

        assertThat(listed).extracting(ParkedEvent::reference).containsExactlyInAnyOrderElementsOf(all);
        assertThat(listed.getFirst().reason()).isEqualTo("metadata: wrong");
        assertThat(listed.getFirst().properties()).isEqualTo("{\"secret\":1}");
        assertThat(listed.getFirst().toString()).doesNotContain("secret");
        assertThat(list(Position.before("usage-b"), 10)).hasSize(3);
    }

    @Test
    void replayedEvent_isSent_andADiscardedOneNever() throws Exception {
        billable(organization);
        Reference replayed = park(organization, "a");
        Reference discarded = park(organization, "b");
        Reference pending = new Reference(organization, add(organization, "c", "1"));

        assertThat(parked.replay(List.of(replayed, pending)).await().indefinitely()).containsExactly(replayed);
        assertThat(parked.discard(List.of(discarded, pending)).await().indefinitely()).containsExactly(discarded);

        assertThat(states()).containsOnly("pending").hasSize(2);
        database.execute("UPDATE usage_events SET due_at = due_at - interval '1 second'");
        sendAll(turn());
        assertThat(held()).hasSize(2);
    }

    /// Two operators at once, one of whom has the list in reverse. The other one is a connection of the test's.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void twoOperatorsAtOnce_doNotWaitForEachOther(boolean isReplay) throws Exception {
        List<Reference> sorted = IntStream.range(0, 2).mapToObj(n -> park(organization, "key-" + n))
                .sorted(Comparator.comparing(reference -> reference.id().toString())).toList();
        CompletableFuture<List<Reference>> changed;
        try (Connection other = database.connect(); Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(LOCK.formatted(sorted.getFirst().id()));
            Uni<List<Reference>> change = isReplay
                    ? parked.replay(sorted.reversed())
                    : parked.discard(sorted.reversed());
            changed = change.subscribeAsCompletionStage();
            await().atMost(Duration.ofSeconds(4)).until(() -> database.number("""
                    SELECT count(*) FROM pg_stat_activity
                    WHERE wait_event_type = 'Lock' AND position('usage_events' IN query) > 0""") == 1);

            statement.execute(LOCK.formatted(sorted.getLast().id()));
            other.commit();
        }

        assertThat(changed.get(10, TimeUnit.SECONDS)).containsExactlyInAnyOrderElementsOf(sorted);
    }

    private List<ParkedEvent> list(Position after, int most) {
        return parked.list(after, most).await().indefinitely();
    }

    private Reference park(String organization, String key) {
        UUID id = add(organization, key, "1", "{\"secret\":1}", Instant.now().minusSeconds(5));
        database.execute("UPDATE usage_events SET state = 'parked', reason = 'metadata: wrong' WHERE id = ?", id);
        return new Reference(organization, id);
    }
}
