package dev.plinto.polar.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.Aftermath;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.JsonLog;
import dev.plinto.polar.testing.MadeBacklog;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.Replicas;
import dev.plinto.polar.testing.Size;
import dev.plinto.polar.testing.Trickle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// Several replicas of all roles on one broker and one database, while deliveries keep coming and one of them, always
/// the one that publishes, is suspended, killed or stopped. Afterwards everything was projected, and told once.
@Tag("alone") // it measures time
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoReplicasIT {

    private static final int DELIVERIES = Size.of("polar.test.deliveries", 6_000, 8_000) / 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<MadeBacklog> backlogs = new ArrayList<>();

    private static OwnStack stack;
    private static Database database;
    private static Replicas replicas;

    @BeforeAll
    static void start() {
        stack = OwnStack.start();
        stack.createRawTopic(6);
        database = stack.database();
        replicas = new Replicas(stack.environment());
        replicas.ensure(2);
    }

    @AfterAll
    static void stop() {
        replicas.close();
        stack.close();
        assertThat(replicas.output()).doesNotContain(" is parked: ");
    }

    @Test
    @Order(1)
    void customersOfOneOrganizationOnTwoReplicas_addUpToTheRightSet() {
        deliver("concurrent").close();
        verify();
        assertThat(database.number("SELECT sum(deadlocks) FROM pg_stat_database")).as("deadlocks").isZero();
    }

    @Test
    @Order(2)
    void leaderSuspendedForLongerThanItsLeaseAndSession_isReplaced_andDoesNoHarmWhenItWakesUp() {
        PackagedService leader = replicas.leader();
        try (Trickle trickle = deliver("suspended")) {
            assertThat(trickle).isNotNull();
            awaitFlow();
            leader.suspend();
            tell("suspended", replicas.takeoverFrom(leader), Duration.ofSeconds(8)); // a fence that is waited for: 10
        }
        verify(); // its partitions are projected by others, so its session is over too
        try (Trickle trickle = deliver("awake")) {
            assertThat(trickle).isNotNull();
            awaitFlow();
            leader.resume();
            awaitFlow();
        }
        verify();
        assertThat(leader.isAlive()).isTrue();
        await().atMost(PATIENCE).until(() -> replicas.leaders() == 1);
    }

    @Test
    @Order(3)
    void leaderKilled_anotherPublishesWithin5s() {
        Duration takeover = killed("killed");
        if (takeover.toSeconds() >= 5) { // the machine was busy with something else
            takeover = killed("killed again");
        }
        tell("killed", takeover, Duration.ofSeconds(5));
    }

    private static Duration killed(String name) {
        replicas.ensure(2);
        PackagedService leader = replicas.leader();
        Duration takeover;
        try (Trickle trickle = deliver(name)) {
            assertThat(trickle).isNotNull();
            awaitFlow();
            leader.kill();
            takeover = replicas.takeoverFrom(leader);
        }
        verify();
        return takeover;
    }

    @Test
    @Order(4)
    void leaderStopped_anotherPublishesWithin2s() {
        replicas.ensure(3);
        PackagedService leader = replicas.leader();
        try (Trickle trickle = deliver("stopped")) {
            assertThat(trickle).isNotNull();
            awaitFlow();
            leader.terminate();
            tell("stopped", replicas.takeoverFrom(leader), Duration.ofSeconds(2));
        }
        assertThat(leader.exitCode()).isEqualTo(143);
        verify();
    }

    @AfterEach
    void nobodyComplained() {
        // Kafka's client calls it an error that a replica which slept through its session may not commit offsets any
        // more; nothing depends on these offsets. An error of ours, or of the channel, is another matter.
        assertThat(JsonLog.errors(replicas.output())).isEmpty();
        assertThat(replicas.output()).doesNotContain("SRMSG00200", "SRMSG00201", "fail-stop", "one by one");
    }

    private static Trickle deliver(String name) {
        MadeBacklog backlog = MadeBacklog.of(DELIVERIES, name);
        backlogs.add(backlog);
        return new Trickle(stack.writer(), backlog);
    }

    private static void verify() {
        new Aftermath(database, stack.reader()).awaitDrained(PATIENCE)
                .everyEventIsWhereItBelongs(backlogs)
                .everyChangeWasToldOnceAndInOrder()
                .endsAsTheRulesSay(backlogs);
    }

    private static void tell(String what, Duration takeover, Duration allowed) {
        System.out.printf("Leader %s: another publishes after %d ms%n", what, takeover.toMillis());
        assertThat(takeover).isLessThan(allowed);
    }

    /// Until changes are being published.
    private static void awaitFlow() {
        long before = database.number("SELECT count(*) FROM history");
        await().atMost(PATIENCE).until(() -> database.number("SELECT count(*) FROM history") > before + 200);
    }
}
