package dev.plinto.polar.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.MadeBacklog;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.Size;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/// Three brokers, as in production: one of them dies under load, and consumers see no effect.
class ThreeBrokersIT {

    private static final int DELIVERIES = Size.of("polar.test.deliveries", 3_000, 8_000) / 10;
    private static final int PER_SECOND = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Test
    void oneOfThreeBrokersKilled_nothingIsLost_andTheServiceCatchesUp() throws Exception {
        MadeBacklog backlog = MadeBacklog.of(DELIVERIES, "three-brokers");
        try (OwnStack stack = OwnStack.startOfThreeBrokers()) {
            assertThat(transactionVersion(stack)).as("the newest transaction protocol, as on a new cluster")
                    .isEqualTo((short) 2);
            Map<String, String> environment = stack.environment();
            environment.put("POLAR_ROLES", "ingress,projection,relay,api");
            try (PackagedService service = PackagedService.start(environment);
                    Deliveries deliveries = new Deliveries(attempt -> service.webhooks(), backlog, PER_SECOND)) {
                await().atMost(PATIENCE).until(() -> deliveries.acknowledged().size() > DELIVERIES / 4);
                stack.kafka().kill();
                await().atMost(PATIENCE).until(deliveries::areAllAcknowledged);
                System.out.printf("One of three brokers killed: %s%n", deliveries);

                new EndState(stack.database(), stack.reader()).awaitDrained(PATIENCE)
                        .everyEventIsInInboxOrParked(List.of(backlog))
                        .everyChangeWasPublishedOnceInOrder()
                        .stateMatchesTheRules(List.of(backlog));
                Set<String> kept = new HashSet<>(stack.database().column(
                        "SELECT webhook_id FROM inbox UNION SELECT webhook_id FROM parked"));
                assertThat(kept).isEqualTo(deliveries.acknowledged().keySet());
            }
        }
    }

    private static short transactionVersion(OwnStack stack) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            return admin.describeFeatures().featureMetadata().get().finalizedFeatures().get("transaction.version")
                    .maxVersionLevel();
        }
    }
}
