package dev.plinto.polar.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.plinto.polar.Topics;
import dev.plinto.polar.testing.Aftermath;
import dev.plinto.polar.testing.Database;
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

/// Steady load on two replicas, a broker and a database, which are killed, stopped, suspended and cut off from each other
/// in an order that a seed gives (`-Dpolar.test.seed`), for a while (`-Dpolar.test.fault-seconds`). Afterwards nothing that
/// was acknowledged is lost, nothing had its effect twice, nothing came out of order and nothing out of nowhere.
class FaultRunIT {

    private static final long SEED = Long.getLong("polar.test.seed", 955257);
    private static final int SECONDS = Size.of("polar.test.fault-seconds", 10, 25);
    private static final int PER_SECOND = Integer.getInteger("polar.test.fault-rate", 40);
    private static final Duration PATIENCE = Duration.ofSeconds(150);

    private final Random random = new Random(SEED);
    private final long began = System.nanoTime();

    @Test
    void whatIsAcknowledged_isAppliedOnceAndToldInOrder_whateverFails() {
        tell("seed %d, %d s, %d deliveries a second", SEED, SECONDS, PER_SECOND);
        MadeBacklog backlog = MadeBacklog.of(SECONDS * PER_SECOND, "faults-" + SEED);
        try (Site site = new Site();
                Observer observer = new Observer(site.stack().reader());
                Deliveries deliveries = new Deliveries(site::endpoint, backlog, PER_SECOND)) {
            long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
            while (System.nanoTime() < end) {
                pause(1, 4);
                happen(site);
                tell("  %s", deliveries);
            }
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> {
                site.replaceTheDead();
                return deliveries.areAllAcknowledged();
            });
            tell("all faults are mended: %s", deliveries);
            verify(site, backlog, deliveries, observer);
        }
    }

    /// One fault, sometimes two at once, for some seconds.
    private void happen(Site site) {
        site.replaceTheDead();
        List<Fault> faults = new ArrayList<>(List.of(any()));
        if (random.nextInt(3) == 0) {
            Fault second = any();
            if (second.canComeWith(faults.getFirst())) {
                faults.add(second);
            }
        }
        List<Runnable> mend = new ArrayList<>();
        for (Fault fault : faults) {
            tell("%s", fault);
            mend.add(fault.begin(site, random.nextInt(100_000)));
        }
        pause(1, random.nextInt(4) == 0 ? 14 : 5);
        mend.forEach(Runnable::run);
        tell("mended: %s", faults);
    }

    private static void verify(Site site, MadeBacklog backlog, Deliveries deliveries, Observer observer) {
        Database database = site.stack().database();
        List<MadeBacklog> all = List.of(backlog);
        new Aftermath(database, site.stack().reader()).awaitDrained(PATIENCE)
                .everyEventIsWhereItBelongs(all)
                .everyChangeWasToldOnceAndInOrder()
                .endsAsTheRulesSay(all);

        Set<String> kept = new HashSet<>(database.column("SELECT webhook_id FROM inbox"));
        kept.addAll(database.column("SELECT webhook_id FROM parked"));
        assertThat(kept).as("phantoms").isSubsetOf(deliveries.acknowledged().keySet());
        Set<String> lost = new TreeSet<>(deliveries.acknowledged().keySet());
        lost.removeAll(kept);
        assertThat(lost).as("acknowledged and lost").isEmpty();

        Set<String> onTopics = new HashSet<>();
        site.stack().reader().messages(Topics.SUBSCRIPTION_CHANGED, Topics.ENTITLEMENT_CHANGED).stream()
                .map(Message::name).forEach(onTopics::add);
        await().atMost(PATIENCE).until(() -> observer.seen().size() >= onTopics.size());
        assertThat(observer.seen()).as("seen by who was there all the time").doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(onTopics);
        assertThat(site.output()).doesNotContain("SRMSG00201", "fail-stop");
    }

    private Fault any() {
        return Fault.values()[random.nextInt(Fault.values().length)];
    }

    private void pause(int least, int most) {
        Duration pause = Duration.ofMillis(random.nextInt(least * 1_000, most * 1_000));
        await().pollDelay(pause).atMost(pause.plusSeconds(10)).until(() -> true);
    }

    @FormatMethod
    private void tell(@FormatString String what, Object... about) {
        System.out.printf("%6.1f s  %s%n", (System.nanoTime() - began) / 1e9, what.formatted(about));
    }
}
