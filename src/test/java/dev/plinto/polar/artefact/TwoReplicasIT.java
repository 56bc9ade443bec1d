package dev.plinto.polar.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.EndState;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// Several replicas with all roles on one broker and one database. While deliveries arrive, the relay's leader is
/// suspended, killed or stopped. Afterwards every event is projected, and every change published once.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoReplicasIT {

    private static final int DELIVERIES = Size.of("polar.test.deliveries", 3_000, 8_000) / 3;
    private static final int JOINS = Size.of("polar.test.joins", 2, 6);
    private static final Duration LEASE = OwnStack.LEASE;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
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
    void customersOnTwoReplicas_yieldTheRightSet() {
        deliver("concurrent").close();
        verify();
        assertThat(database.number("SELECT sum(deadlocks) FROM pg_stat_database")).as("deadlocks").isZero();
    }

    @Test
    @Order(2)
    void suspendedLeader_isReplacedAndDoesNoHarmWhenResumed() {
        PackagedService leader = replicas.leader();
        try (Trickle trickle = deliver("suspended")) {
            assertThat(trickle).isNotNull();
            awaitFlow();
            leader.suspend();
            // Waiting for the fenced producer would take 30 s.
            report("suspended", replicas.takeoverFrom(leader), LEASE.multipliedBy(8));
        }
        verify(); // others project its partitions, so its session has expired too
        try (Trickle trickle = deliver("awake")) {
            assertThat(trickle).isNotNull();
            awaitFlow();
            leader.resume();
            awaitFlow();
        }
        verify();
        assertThat(leader.isAlive()).isTrue();
        await().atMost(TIMEOUT).until(() -> replicas.leaders() == 1);
    }

    @Test
    @Order(3)
    void killedLeader_isReplacedWithinFiveLeases() {
        Duration takeover = takeoverAfterKill("killed");
        if (takeover.compareTo(LEASE.multipliedBy(5)) >= 0) { // the machine may have been busy
            takeover = takeoverAfterKill("killed again");
        }
        report("killed", takeover, LEASE.multipliedBy(5));
    }

    private static Duration takeoverAfterKill(String name) {
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
    void stoppedLeader_isReplacedWithinTwoLeases() {
        replicas.ensure(3);
        PackagedService leader = replicas.leader();
        try (Trickle trickle = deliver("stopped")) {
            assertThat(trickle).isNotNull();
            awaitFlow();
            leader.terminate();
            report("stopped", replicas.takeoverFrom(leader), LEASE.multipliedBy(2));
        }
        assertThat(leader.exitCode()).isEqualTo(143);
        verify();
    }

    /// Each time the partitions are assigned anew, in the middle of batches.
    @Test
    @Order(5)
    void replicaThatJoinsAndLeavesAgainAndAgain_losesNothing() {
        replicas.ensure(2);
        for (int join = 1; join <= JOINS; join++) {
            try (Trickle trickle = deliver("joined " + join)) {
                assertThat(trickle).isNotNull();
                replicas.ensure(3);
                replicas.newest().terminate();
            }
        }
        verify();
    }

    @AfterEach
    void noReplicaLoggedAnError() {
        // Kafka's client logs an error if a replica whose session expired commits offsets; nothing depends on those
        // offsets. Errors of this service or of the channel are failures.
        assertThat(JsonLog.errors(replicas.output())).isEmpty();
        assertThat(replicas.output()).doesNotContain("SRMSG00200", "SRMSG00201", "fail-stop", "could not be projected");
    }

    private static Trickle deliver(String name) {
        MadeBacklog backlog = MadeBacklog.of(DELIVERIES, name);
        backlogs.add(backlog);
        return new Trickle(stack.writer(), backlog);
    }

    private static void verify() {
        new EndState(database, stack.reader()).awaitDrained(TIMEOUT)
                .everyEventIsInInboxOrParked(backlogs)
                .everyChangeWasPublishedOnceInOrder()
                .stateMatchesTheRules(backlogs);
    }

    private static void report(String event, Duration takeover, Duration allowed) {
        System.out.printf("Leader %s: another publishes after %d ms%n", event, takeover.toMillis());
        assertThat(takeover).isLessThan(allowed);
    }

    /// Waits until changes are being published.
    private static void awaitFlow() {
        long before = database.number("SELECT count(*) FROM history");
        await().atMost(TIMEOUT).until(() -> database.number("SELECT count(*) FROM history") > before + 50);
    }
}
