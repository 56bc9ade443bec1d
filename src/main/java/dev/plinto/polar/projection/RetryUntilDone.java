package dev.plinto.polar.projection;

import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/// Tries again and again what fails for a passing reason, on the thread that asked: it may wait, and no other may.
/// (Mutiny's `retry().withBackOff()` goes on where its timer fires, which can be an event loop.)
@ApplicationScoped
class RetryUntilDone {

    private static final Duration FIRST_WAIT = Duration.ofMillis(20);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private volatile boolean stopping;

    /// The database's connections are closed soon, for good: waiting for it would only hold up the end.
    void stop(@Observes @Priority(1) ShutdownEvent event) {
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }

    /// Returns when it is done, however long that takes; throws what does not pass, and everything once we are stopped.
    ///
    /// @param waiting who waits, for the log
    <T> T untilDone(String waiting, Supplier<T> work) {
        for (Duration wait = FIRST_WAIT;; wait = longer(wait)) {
            try {
                return work.get();
            } catch (RuntimeException failure) {
                if (stopping || !DatabaseFailure.isTransient(failure)) {
                    throw failure;
                }
                Log.warnf("%s waits and tries again: %s", waiting, DatabaseFailure.describe(failure));
            }
            pause(wait);
        }
    }

    private static Duration longer(Duration wait) {
        Duration doubled = wait.multipliedBy(2);
        return doubled.compareTo(LONGEST_WAIT) < 0 ? doubled : LONGEST_WAIT;
    }

    /// Half of it or more, by chance: two replicas that were in each other's way should not be so again.
    private static void pause(Duration wait) {
        long millis = wait.toMillis();
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting to try again", stopping);
        }
    }
}
