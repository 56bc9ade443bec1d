package dev.plinto.polar.projection;

import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/// Retries without limit what fails for a transient reason, on the calling thread, which may block.
///
/// Mutiny's `retry().withBackOff()` would continue on its timer's thread, which can be an event loop. Why not Fault
/// Tolerance: `docs/adr/0017`.
@ApplicationScoped
class RetryUntilDone {

    private static final Duration FIRST_DELAY = Duration.ofMillis(20);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);

    private volatile boolean stopping;

    /// The database's connections will be closed: waiting for it would only delay the shutdown.
    void stop(@Observes @Priority(1) ShutdownEvent event) {
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }

    /// Returns when the work has succeeded, however long that takes. Throws failures that are not transient, and any
    /// failure once the service stops.
    ///
    /// @param operation for the log
    /// @param most      after how many failures of the work to throw [BatchTooLarge]: the same work, such as one that
    ///                  runs into a time-out, might never succeed; 0: never. A database that gives no connection is
    ///                  waited for and not counted
    <T> T untilDone(String operation, int most, Supplier<T> work) {
        int failures = 0;
        for (Duration delay = FIRST_DELAY;; delay = longer(delay)) {
            try {
                return work.get();
            } catch (BatchTooLarge tooLarge) {
                throw tooLarge;
            } catch (RuntimeException failure) {
                if (stopping || !DatabaseFailure.isTransient(failure)) {
                    throw failure;
                }
                if (!DatabaseFailure.isBeforeTheWork(failure) && ++failures == most) {
                    throw new BatchTooLarge("it failed " + failures + " times, the last time: "
                            + DatabaseFailure.describe(failure));
                }
                Log.warnf("%s failed and is retried: %s", operation, DatabaseFailure.describe(failure));
            }
            pause(delay);
        }
    }

    private static Duration longer(Duration delay) {
        Duration doubled = delay.multipliedBy(2);
        return doubled.compareTo(LONGEST_DELAY) < 0 ? doubled : LONGEST_DELAY;
    }

    /// From half of the delay to all of it, at random, so that two replicas that collided do not collide again.
    private static void pause(Duration delay) {
        long millis = delay.toMillis();
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting to retry", interrupted);
        }
    }
}
