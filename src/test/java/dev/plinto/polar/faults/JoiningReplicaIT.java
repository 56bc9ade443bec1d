package dev.plinto.polar.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.MadeBacklog;
import dev.plinto.polar.testing.Size;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// One of two replicas leaves and joins again all the time, each time for some 20 s, and each time the partitions are
/// assigned anew. Nothing is lost, skipped or applied twice meanwhile.
class JoiningReplicaIT {

    private static final int ROUNDS = Size.of("polar.test.joins", 2, 6);
    private static final int PER_SECOND = 20;
    private static final int SECONDS_OF_A_ROUND = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(150);

    @Test
    void replicaThatJoinsAndLeaves_losesNothing() {
        int events = ROUNDS * SECONDS_OF_A_ROUND * PER_SECOND;
        MadeBacklog backlog = MadeBacklog.withLargeAccount(events, "joins");
        try (SmallDeployment deployment = new SmallDeployment();
                Deliveries deliveries = new Deliveries(deployment::endpoint, backlog, PER_SECOND)) {
            for (int round = 1; round <= ROUNDS; round++) {
                int half = (2 * round - 1) * events / (2 * ROUNDS);
                await().atMost(PATIENCE).until(() -> deliveries.due() >= half);
                deployment.replica(1).close();
                deployment.replace(1);
                int whole = round * events / ROUNDS;
                await().atMost(PATIENCE).until(() -> deliveries.due() >= whole);
            }
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(deliveries::areAllAcknowledged);

            Database database = deployment.stack().database();
            new EndState(database, deployment.stack().reader()).awaitDrained(PATIENCE)
                    .everyEventIsInInboxOrParked(List.of(backlog))
                    .everyChangeWasPublishedOnceInOrder()
                    .stateMatchesTheRules(List.of(backlog));
            Set<String> kept = new HashSet<>(database.column("SELECT webhook_id FROM inbox"));
            kept.addAll(database.column("SELECT webhook_id FROM parked"));
            assertThat(kept).containsAll(deliveries.acknowledged().keySet());
        }
    }
}
