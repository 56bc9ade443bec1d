package dev.plinto.polar.privacy;

import dev.plinto.polar.postgres.DatabaseAway;
import io.quarkus.logging.Log;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// Keeps an erasure from other replicas while a step of it is taken, however long that waits for a provider. A replica
/// that is killed, or does not reach the database, loses it within [#TIME]; then another one begins the step again.
final class ErasureLease {

    static final Duration TIME = Duration.ofSeconds(20);
    private static final int RENEWALS = 4;

    private final Pool pool;
    private final UUID erasure;
    private final ScheduledFuture<?> renewing;
    private boolean hasEnded;

    ErasureLease(Pool pool, UUID erasure, ScheduledExecutorService thread) {
        this.pool = pool;
        this.erasure = erasure;
        long pause = TIME.dividedBy(RENEWALS).toMillis();
        renewing = thread.scheduleWithFixedDelay(this::renew, pause, pause, TimeUnit.MILLISECONDS);
    }

    private synchronized void renew() {
        if (hasEnded) {
            return;
        }
        try {
            ErasureStore.inOne(pool, store -> {
                store.renew(erasure, TIME);
                return null;
            });
        } catch (RuntimeException failure) {
            Log.debugf("Cannot renew the lease of erasure %s; it expires unless a retry succeeds: %s", erasure,
                    DatabaseAway.describe(failure));
        }
    }

    /// No renewal follows, which could undo what is said about the next attempt.
    void end() {
        renewing.cancel(false);
        synchronized (this) {
            hasEnded = true;
        }
    }
}
