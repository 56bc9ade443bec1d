package dev.plinto.polar.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.plinto.polar.Topics;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.MadeBacklog;
import dev.plinto.polar.testing.Size;
import dev.plinto.polar.testing.TopicReader.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Steady load on two replicas, a broker and a database, which are killed, stopped, suspended and disconnected in an
/// order given by a seed (`-Dpolar.test.seed`), for a while (`-Dpolar.test.fault-seconds`). Afterwards no acknowledged
/// event is lost, applied twice or published out of order, and no event exists that was not delivered.
class FaultRunIT {

    private static final long SEED = Long.getLong("polar.test.seed", 955257);
    private static final int SECONDS = Size.of("polar.test.fault-seconds", 8, 25);
    private static final int PER_SECOND = Integer.getInteger("polar.test.fault-rate", 40);
    private static final Duration PATIENCE = Duration.ofSeconds(150);

    private final Random random = new Random(SEED);
    private final long began = System.nanoTime();

    @Test
    void acknowledgedEvents_areAppliedOnce_andPublishedInOrder_underFaults() {
        log("seed %d, %d s, %d deliveries a second", SEED, SECONDS, PER_SECOND);
        MadeBacklog backlog = MadeBacklog.withLargeAccount(SECONDS * PER_SECOND, "faults-" + SEED);
        try (SmallDeployment deployment = new SmallDeployment();
                SteadyConsumer observer = new SteadyConsumer(deployment.stack().reader());
                Deliveries deliveries = new Deliveries(deployment::endpoint, backlog, PER_SECOND)) {
            while (deliveries.due() < SECONDS * PER_SECOND) {
                awaitDue(deliveries, 1, 4);
                provokeFault(deployment, deliveries);
                log("  %s", deliveries);
            }
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> {
                deployment.replaceExited();
                return deliveries.areAllAcknowledged();
            });
            log("all faults are fixed: %s", deliveries);
            verify(deployment, backlog, deliveries, observer);
        }
    }

    /// Provokes one fault, sometimes two at once, while some more deliveries fall due.
    private void provokeFault(SmallDeployment deployment, Deliveries deliveries) {
        deployment.replaceExited();
        List<Fault> faults = new ArrayList<>(List.of(any()));
        if (random.nextInt(3) == 0) {
            Fault second = any();
            if (second.canComeWith(faults.getFirst())) {
                faults.add(second);
            }
        }
        List<Runnable> remedies = new ArrayList<>();
        for (Fault fault : faults) {
            log("%s", fault);
            remedies.add(fault.begin(deployment, random.nextInt(100_000)));
        }
        awaitDue(deliveries, 1, random.nextInt(4) == 0 ? 14 : 5);
        remedies.forEach(Runnable::run);
        log("fixed: %s", faults);
    }

    private static void verify(SmallDeployment deployment, MadeBacklog backlog, Deliveries deliveries,
            SteadyConsumer observer) {
        Database database = deployment.stack().database();
        List<MadeBacklog> all = List.of(backlog);
        new EndState(database, deployment.stack().reader()).awaitDrained(PATIENCE)
                .everyEventIsInInboxOrParked(all)
                .everyChangeWasPublishedOnceInOrder()
                .stateMatchesTheRules(all);

        Set<String> kept = new HashSet<>(database.column("SELECT webhook_id FROM inbox"));
        kept.addAll(database.column("SELECT webhook_id FROM parked"));
        assertThat(kept).as("events that were never acknowledged").isSubsetOf(deliveries.acknowledged().keySet());
        Set<String> lost = new TreeSet<>(deliveries.acknowledged().keySet());
        lost.removeAll(kept);
        assertThat(lost).as("acknowledged and lost").isEmpty();

        Set<String> onTopics = new HashSet<>();
        deployment.stack().reader().messages(Topics.SUBSCRIPTION_CHANGED, Topics.ENTITLEMENT_CHANGED).stream()
                .map(Message::name).forEach(onTopics::add);
        await().atMost(PATIENCE).until(() -> observer.seen().size() >= onTopics.size());
        assertThat(observer.seen()).as("seen by the steady consumer").doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(onTopics);
        assertThat(deployment.output()).doesNotContain("SRMSG00201", "fail-stop");
    }

    private Fault any() {
        List<Fault> faults = List.of(Fault.values());
        return faults.get(random.nextInt(faults.size()));
    }

    /// Waits until the deliveries of so many seconds have fallen due.
    private void awaitDue(Deliveries deliveries, int least, int most) {
        int wanted = deliveries.due() + random.nextInt(least * 1_000, most * 1_000) * PER_SECOND / 1_000;
        await().atMost(PATIENCE).until(() -> deliveries.due() >= wanted);
    }

    @FormatMethod
    private void log(@FormatString String what, Object... about) {
        System.out.printf("%6.1f s  %s%n", (System.nanoTime() - began) / 1e9, what.formatted(about));
    }
}
