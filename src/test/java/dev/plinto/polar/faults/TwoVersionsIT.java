package dev.plinto.polar.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.MadeBacklog;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// A rolling upgrade and rollback under load: another version of the service runs beside this one on one broker and one
/// database, with the schema of the newer version.
@EnabledIfSystemProperty(named = TwoVersionsIT.OTHER, matches = ".+", disabledReason = "no other version is named by -D"
        + TwoVersionsIT.OTHER + "=<its target/quarkus-app>")
class TwoVersionsIT {

    static final String OTHER = "polar.test.other-version";

    private static final Path THIS_ONE = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final int PER_SECOND = 40;
    private static final int EACH = 160;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final List<PackagedService> replicas = new CopyOnWriteArrayList<>();
    private final List<PackagedService> all = new ArrayList<>();
    private final List<MadeBacklog> backlogs = new ArrayList<>();

    @Test
    void upgradeAndRollbackUnderLoad_loseNothing_andPublishNothingTwice() {
        Path otherOne = Path.of(System.getProperty(OTHER), "quarkus-run.jar");
        try (OwnStack stack = OwnStack.start()) {
            stack.createRawTopic(6);
            Map<String, String> environment = stack.environment();
            environment.put("POLAR_ROLES", "ingress,projection,relay,api");
            for (int i = 0; i < 2; i++) {
                replicas.add(PackagedService.start(otherOne, environment));
            }
            all.addAll(replicas);
            for (Path version : List.of(THIS_ONE, otherOne, THIS_ONE)) { // upgrade, roll back half, upgrade again
                replace(0, version, environment);
            }
            replace(1, THIS_ONE, environment);
            new EndState(stack.database(), stack.reader()).awaitDrained(PATIENCE)
                    .everyEventIsInInboxOrParked(backlogs)
                    .everyChangeWasPublishedOnceInOrder()
                    .stateMatchesTheRules(backlogs);
            assertThat(all).allSatisfy(replica -> assertThat(replica.output()).doesNotContain("ERROR"));
            replicas.forEach(PackagedService::close);
        }
    }

    /// As an orchestrator does: the new replica is ready before the old one gets SIGTERM.
    private void replace(int number, Path version, Map<String, String> environment) {
        underLoad(() -> all.add(PackagedService.start(version, environment)));
        underLoad(() -> replicas.set(number, all.getLast()).close());
    }

    /// Deliveries begin before the change, and all of them are acknowledged.
    private void underLoad(Runnable change) {
        backlogs.add(MadeBacklog.of(EACH, "versions-" + backlogs.size()));
        try (Deliveries deliveries = new Deliveries(this::endpoint, backlogs.getLast(), PER_SECOND)) {
            await().atMost(PATIENCE).until(() -> deliveries.acknowledged().size() > EACH / 8);
            change.run();
            await().atMost(PATIENCE).until(deliveries::areAllAcknowledged);
            System.out.println(deliveries);
        }
    }

    private URI endpoint(int attempt) {
        return replicas.get(attempt % replicas.size()).webhooks();
    }
}
