package dev.plinto.polar.reconcile;

import dev.plinto.polar.ingress.RawEvent;
import dev.plinto.polar.ingress.RawTopic;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/// Lets repairs in through the raw topic, and waits until they are projected, so that what is compared next is compared
/// with what they made.
@ApplicationScoped
class Repairs {

    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(2);
    private static final int LARGEST = 2 * 1024 * 1024 - 16 * 1024; // the raw topic's, less key and headers
    private static final Duration PUBLISHING = Duration.ofSeconds(10);

    private final RawTopic rawTopic;
    private final RunStore store;
    private final InstantSource clock;

    Repairs(RawTopic rawTopic, RunStore store, InstantSource clock) {
        this.rawTopic = rawTopic;
        this.store = store;
        this.clock = clock;
    }

    /// An event by its id, and its body.
    ///
    /// @param isSnapshot whether it is ours, and not one of Polar's that did not come
    record Repair(String id, byte[] body, boolean isSnapshot) {}

    /// Called while waiting; throws where it is in vain.
    interface Waiting {
        void goesOn() throws InterruptedException;
    }

    /// @return how many were published: those that the raw topic does not take are left out
    int make(Collection<Repair> repairs, Waiting waiting) throws InterruptedException {
        Set<String> published = new HashSet<>();
        for (Repair repair : repairs) {
            if (repair.body.length > LARGEST) { // it would be refused again and again
                Log.errorf("%s is larger than the raw topic takes, and is left out", repair.id);
            } else if (publish(repair, waiting)) {
                published.add(repair.id);
            }
        }
        awaitProjected(published, waiting);
        return published.size();
    }

    /// False where the topic refuses it, as it would again and again.
    private boolean publish(Repair repair, Waiting waiting) throws InterruptedException {
        RawEvent event = repair.isSnapshot
                ? RawEvent.snapshot(repair.id, repair.body, clock.instant(), RawEvent.Origin.RECONCILE)
                : RawEvent.undelivered(repair.id, repair.body, clock.instant(), RawEvent.Origin.RECONCILE);
        for (Duration wait = LOOK;; wait = longer(wait)) {
            try {
                rawTopic.publish(event).await().atMost(PUBLISHING);
                return true;
            } catch (RawTopic.Refused refused) {
                Log.errorf("Repair %s is left out: %s. Raise max.message.bytes of the topic; the next run then "
                        + "repairs what still differs.", repair.id, refused.getMessage());
                return false;
            } catch (RawTopic.NotDurable brokerAway) {
                Log.debugf("A repair waits for the broker: %s", brokerAway.getMessage());
            }
            Thread.sleep(wait);
            waiting.goesOn();
        }
    }

    private void awaitProjected(Set<String> ids, Waiting waiting) throws InterruptedException {
        Set<String> pending = ids;
        for (Duration wait = LOOK; !pending.isEmpty(); wait = longer(wait)) {
            pending = store.unknown(pending);
            if (!pending.isEmpty()) {
                Thread.sleep(wait);
                waiting.goesOn();
            }
        }
    }

    private static Duration longer(Duration wait) {
        Duration doubled = wait.multipliedBy(2);
        return doubled.compareTo(LONGEST_LOOK) < 0 ? doubled : LONGEST_LOOK;
    }
}
