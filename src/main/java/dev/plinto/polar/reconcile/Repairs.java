package dev.plinto.polar.reconcile;

import dev.plinto.polar.ingress.RawEvent;
import dev.plinto.polar.ingress.RawTopic;
import dev.plinto.polar.polar.PolarDialect;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/// Publishes repairs to the raw topic and waits until they are projected, so that the next comparison sees their
/// effect.
@ApplicationScoped
class Repairs {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final int MAX_BYTES = 2 * 1024 * 1024 - 16 * 1024; // the raw topic's limit, less key and headers
    private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(10);

    private final RawTopic rawTopic;
    private final PolarDialect polar;
    private final RunStore store;
    private final InstantSource clock;

    Repairs(RawTopic rawTopic, PolarDialect polar, RunStore store, InstantSource clock) {
        this.polar = polar;
        this.rawTopic = rawTopic;
        this.store = store;
        this.clock = clock;
    }

    /// An event to publish.
    ///
    /// @param isSnapshot true for a snapshot, false for an event of Polar's that was not delivered
    record Repair(String id, byte[] body, boolean isSnapshot) {}

    /// Called while a run waits; throws if the run must stop.
    interface Guard {
        void checkStillAllowed() throws InterruptedException;
    }

    /// @return how many were published; repairs that the raw topic refuses are skipped
    int publishAndAwait(Collection<Repair> repairs, Guard guard) throws InterruptedException {
        Set<String> published = new HashSet<>();
        for (Repair repair : repairs) {
            if (repair.body.length > MAX_BYTES) { // every retry would be refused too
                Log.errorf("Repair %s is skipped: it is larger than the raw topic accepts", repair.id);
            } else if (publish(repair, guard)) {
                published.add(repair.id);
            }
        }
        awaitProjected(published, guard);
        return published.size();
    }

    /// False if the topic refuses it; every retry would be refused too.
    private boolean publish(Repair repair, Guard guard) throws InterruptedException {
        RawEvent event = repair.isSnapshot
                ? RawEvent.snapshot(polar, repair.id, repair.body, clock.instant(), RawEvent.Origin.RECONCILE)
                : RawEvent.undelivered(polar, repair.id, repair.body, clock.instant(), RawEvent.Origin.RECONCILE);
        for (Duration pause = FIRST_PAUSE;; pause = longer(pause)) {
            try {
                rawTopic.publish(event).await().atMost(PUBLISH_TIMEOUT);
                return true;
            } catch (RawTopic.Refused refused) {
                Log.errorf("Repair %s is skipped: %s. Raise max.message.bytes of the topic; the next run then "
                        + "repairs what still differs.", repair.id, refused.getMessage());
                return false;
            } catch (RawTopic.NotDurable brokerAway) {
                Log.debugf("A repair waits for the broker: %s", brokerAway.getMessage());
            }
            Thread.sleep(pause);
            guard.checkStillAllowed();
        }
    }

    private void awaitProjected(Set<String> ids, Guard guard) throws InterruptedException {
        Set<String> pending = ids;
        for (Duration pause = FIRST_PAUSE; !pending.isEmpty(); pause = longer(pause)) {
            pending = store.findUnprocessed(pending);
            if (!pending.isEmpty()) {
                Thread.sleep(pause);
                guard.checkStillAllowed();
            }
        }
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }
}
