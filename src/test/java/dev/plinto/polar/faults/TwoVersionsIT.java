package dev.plinto.polar.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.Aftermath;
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

/// An upgrade replica by replica, and the way back, under load: another version of the service beside this one on one
/// broker and one database, whose schema the newer of the two has made.
@EnabledIfSystemProperty(named = TwoVersionsIT.OTHER, matches = ".+", disabledReason = "no other version is named by -D"
        + TwoVersionsIT.OTHER + "=<its target/quarkus-app>")
class TwoVersionsIT {

    static final String OTHER = "polar.test.other-version";

    private static final Path THIS_ONE = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final int PER_SECOND = 40;
    private static final Duration EACH = Duration.ofSeconds(8);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final List<PackagedService> replicas = new CopyOnWriteArrayList<>();
    private final List<PackagedService> all = new ArrayList<>();

    @Test
    void upgradeAndRollbackUnderLoad_loseNothing_andTellNothingTwice() {
        Path otherOne = Path.of(System.getProperty(OTHER), "quarkus-run.jar");
        MadeBacklog backlog = MadeBacklog.of(Math.toIntExact(5 * EACH.toSeconds() * PER_SECOND), "versions");
        try (OwnStack stack = OwnStack.start()) {
            stack.createRawTopic(6);
            Map<String, String> environment = stack.environment();
            environment.put("POLAR_ROLES", "ingress,projection,relay,api");
            for (int i = 0; i < 2; i++) {
                replicas.add(started(otherOne, environment));
            }
            try (Deliveries deliveries = new Deliveries(this::endpoint, backlog, PER_SECOND)) {
                for (Path version : List.of(THIS_ONE, otherOne, THIS_ONE)) { // there, half of the way back, and there again
                    replace(0, version, environment);
                }
                replace(1, THIS_ONE, environment);
                await().atMost(PATIENCE).until(deliveries::areAllAcknowledged);
                System.out.println(deliveries);
            }
            new Aftermath(stack.database(), stack.reader()).awaitDrained(PATIENCE)
                    .everyEventIsWhereItBelongs(List.of(backlog))
                    .everyChangeWasToldOnceAndInOrder()
                    .endsAsTheRulesSay(List.of(backlog));
            assertThat(all).allSatisfy(replica -> assertThat(replica.output()).doesNotContain("ERROR"));
            replicas.forEach(PackagedService::close);
        }
    }

    /// As an orchestrator does: the new one is ready before the old one is told to stop.
    private void replace(int number, Path version, Map<String, String> environment) {
        pause();
        PackagedService successor = started(version, environment);
        replicas.set(number, successor).close();
        pause();
    }

    private PackagedService started(Path version, Map<String, String> environment) {
        PackagedService replica = PackagedService.start(version, environment);
        all.add(replica);
        return replica;
    }

    private URI endpoint(int attempt) {
        return replicas.get(attempt % replicas.size()).webhooks();
    }

    private static void pause() {
        await().pollDelay(EACH.dividedBy(2)).atMost(EACH).until(() -> true);
    }
}
