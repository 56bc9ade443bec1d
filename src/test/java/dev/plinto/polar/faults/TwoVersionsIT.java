package dev.plinto.polar.faults;

import static dev.plinto.polar.faults.RollingReplicas.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.faults.RollingReplicas.Release;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.Explanations;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.StoredState;
import dev.plinto.polar.testing.TokenIssuer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// A rolling upgrade and rollback under load: another release of the service runs beside this one on one broker and one
/// database, with the schema of this one. `deploy/upgrade/run` builds the other release and runs this.
@EnabledIfSystemProperty(named = TwoVersionsIT.OTHER, matches = ".+", disabledReason = "no other version is named by -D"
        + TwoVersionsIT.OTHER + "=<its target/quarkus-app>")
class TwoVersionsIT {

    static final String OTHER = "polar.test.other-version";

    private static final Release NEW = Release.of("new release", Path.of("target", "quarkus-app"));
    private static final Release OLD = Release.of("old release", Path.of(System.getProperty(OTHER, "")));

    private static RollingLoad load;
    private static Map<String, List<List<String>>> stateOfOneRelease;
    private static Map<String, List<String>> setsOfOneRelease;

    @BeforeAll
    static void oneReleaseAlone() {
        load = new RollingLoad(8);
        System.out.println("The new release alone:");
        try (OwnStack stack = OwnStack.start();
                RawTopicWriter writer = stack.writer();
                RollingReplicas replicas = new RollingReplicas(environment(stack), load)) {
            stack.createRawTopic(6);
            load.backlogs().forEach(backlog -> writer.write(backlog.records()));
            replicas.start(1, NEW);
            EndState end = new EndState(stack.database(), stack.reader()).awaitDrained(PATIENCE);
            stateOfOneRelease = StoredState.of(stack.database());
            setsOfOneRelease = end.storedSets();
            replicas.stopAll();
        }
    }

    @Test
    void oldRelease_isUpgraded_withARollbackInTheMiddle() {
        roll("Old first, then new, with a roll back in the middle:", replicas -> {
            replicas.start(2, OLD);
            replicas.replace(0, NEW);
            replicas.replace(0, OLD);
            replicas.replace(0, NEW);
            replicas.replace(1, NEW);
        });
    }

    /// Replicas of the old release start where the schema is the new one already.
    @Test
    void newRelease_isRolledBack_andUpgradedAgain() {
        roll("New first, then old, then new again:", replicas -> {
            replicas.start(2, NEW);
            replicas.replace(0, OLD);
            replicas.replace(1, OLD);
            replicas.replace(0, NEW);
            replicas.replace(1, NEW);
        });
    }

    private static void roll(String title, Consumer<RollingReplicas> steps) {
        System.out.println(title);
        try (OwnStack stack = OwnStack.start(); TokenIssuer issuer = new TokenIssuer()) {
            stack.createRawTopic(6);
            Map<String, String> environment = environment(stack);
            environment.putAll(issuer.environment());
            try (RollingReplicas replicas = new RollingReplicas(environment, load)) {
                steps.accept(replicas);
                assertEnd(stack, replicas, issuer.service());
                replicas.stopAll();
                assertThat(replicas.errors()).as("lines with ERROR").isEmpty();
                System.out.println("  right: no replica has logged an error");
            }
        }
    }

    private static void assertEnd(OwnStack stack, RollingReplicas replicas, String token) {
        EndState end = new EndState(stack.database(), stack.reader()).awaitDrained(PATIENCE)
                .everyEventIsInInboxOrParked(load.backlogs());
        System.out.println("  right: every delivery is applied or parked, none twice");
        end.everyChangeWasPublishedOnceInOrder();
        System.out.println("  right: every change was published once, in order");
        end.stateMatchesTheRules(load.backlogs());
        System.out.println("  right: state and newest messages are what the rules say");
        await().atMost(PATIENCE).until(() -> stack.database().number(
                "SELECT count(*) FROM inbox WHERE statements IS NULL OR statements < 2") == 0);
        StoredState.of(stack.database()).forEach((table, rows) -> assertThat(rows).as(table)
                .isEqualTo(stateOfOneRelease.get(table)));
        assertThat(end.storedSets()).isEqualTo(setsOfOneRelease);
        System.out.println("  right: they are what the new release alone ends with");
        System.out.printf("  right: %d explanations, now and at past moments, are what was published%n",
                new Explanations(replicas.any(), token, stack.reader()).equalThePublishedSets(stack.database()));
    }

    private static Map<String, String> environment(OwnStack stack) {
        Map<String, String> environment = stack.environment();
        // As in production: while replicas start, others are slow, not dead.
        environment.keySet().removeAll(OwnStack.SHORT_WAITS.keySet());
        environment.put("POLAR_ROLES", "ingress,projection,relay,api");
        return environment;
    }
}
