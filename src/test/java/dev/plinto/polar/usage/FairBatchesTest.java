package dev.plinto.polar.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.usage.FairBatches.Batch;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Who is in the next batch.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class FairBatchesTest extends UsageAtPolar {

    private FairBatches batches() {
        return new FairBatches(new UsageQueue(pool));
    }

    @Test
    void singleEvent_isInTheNextBatch_whateverOthersHave() {
        addMany("usage-a", 20_000);
        addMany("usage-b", 3);
        FairBatches batches = batches();
        Batch first = batches.next(Set.of());
        add("usage-c", "single", "1");

        Batch next = batches.next(Set.of());

        assertThat(count(first)).isEqualTo(Map.of("usage-a", 997L, "usage-b", 3L));
        assertThat(count(next)).isEqualTo(Map.of("usage-a", 996L, "usage-b", 3L, "usage-c", 1L));
        assertThat(next.hasMore()).isTrue();
        assertThat(new HashSet<>(next.events())).hasSize(1_000);
    }

    @Test
    void shares_areEqual() {
        for (int i = 0; i < 4; i++) {
            addMany("usage-" + i, 2_000);
        }

        assertThat(count(batches().next(Set.of())).values()).containsOnly(250L).hasSize(4);
    }

    @Test
    void moreOrganizationsThanEventsInABatch_takeTurns() {
        database.execute("""
                INSERT INTO usage_events (organization, id, key, event_name, quantity, occurred_at, due_at)
                SELECT 'usage-' || number, gen_random_uuid(), twice, 'call', 1, now() - interval '1 minute',
                       now() - interval '1 minute'
                FROM generate_series(1, 2500) AS number, generate_series(1, 2) AS twice
                """);
        FairBatches batches = batches();

        Set<String> served = new HashSet<>();
        List.of(1, 2, 3).forEach(turn -> served.addAll(count(batches.next(Set.of())).keySet()));

        assertThat(served).hasSize(2_500);
    }

    @Test
    void largeEvents_makeASmallBatch_andTheOthersComeNext() {
        String large = "{\"text\":\"" + "x".repeat(1_500_000) + "\"}";
        for (int i = 0; i < 3; i++) {
            add("usage-" + i, "large", "1", large, Instant.now().minusSeconds(5));
        }
        add("usage-3", "small", "1");
        FairBatches batches = batches();

        assertThat(count(batches.next(Set.of())).keySet()).containsExactlyInAnyOrder("usage-0", "usage-1");
        assertThat(count(batches.next(Set.of())).keySet()).containsExactlyInAnyOrder("usage-2", "usage-3");
    }

    @Test
    void whatIsNotDue_orLeftOut_orNotPending_isNotInIt() {
        add("usage-a", "future", "1", null, Instant.now().plusSeconds(60));
        add("usage-b", "left out", "1");
        UUID parked = add("usage-c", "parked", "1");
        database.execute("UPDATE usage_events SET state = 'parked', reason = 'x' WHERE id = ?", parked);
        FairBatches batches = batches();

        assertThat(batches.next(Set.of("usage-b"))).isEqualTo(Batch.NONE);
        assertThat(count(batches.next(Set.of())).keySet()).containsExactly("usage-b");
    }

    private static Map<String, Long> count(Batch batch) {
        return batch.events().stream().collect(Collectors.groupingBy(DueEvent::organization, Collectors.counting()));
    }
}
