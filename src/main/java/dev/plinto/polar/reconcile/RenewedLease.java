package dev.plinto.polar.reconcile;

import dev.plinto.polar.postgres.Lease;
import io.quarkus.logging.Log;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The lease to reconcile. A thread of its own renews it, since a run may wait for Polar or the broker for longer than
/// the lease lasts. A replica that is suspended or dies loses it.
final class RenewedLease {

    /// How many renewals may fail in a row before the lease expires.
    private static final int RENEWALS = 24;

    private final Lease lease;
    private final ScheduledExecutorService renewals = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("reconcile-lease").factory());
    private @Nullable ScheduledFuture<?> renewal;
    private AtomicBoolean lost = new AtomicBoolean(true); // until it is taken

    RenewedLease(Pool pool, Duration time) {
        lease = new Lease(pool, "reconciliation", time, time.dividedBy(3));
    }

    String holder() {
        return lease.holder();
    }

    /// False while another replica holds it.
    boolean take() {
        if (!lease.take()) {
            return false;
        }
        AtomicBoolean lostThisTime = new AtomicBoolean();
        lost = lostThisTime;
        long pause = lease.time().toMillis() / RENEWALS;
        renewal = renewals.scheduleWithFixedDelay(() -> renew(lostThisTime), pause, pause, TimeUnit.MILLISECONDS);
        return true;
    }

    private void renew(AtomicBoolean lostThisTime) {
        try {
            if (!lease.renew()) {
                lostThisTime.set(true);
            }
        } catch (RuntimeException databaseAway) {
            Log.debug("Could not renew the reconciliation lease; it expires unless a retry succeeds");
        }
    }

    /// @throws RunStore.LeaseLost if another replica took it
    void require() {
        if (lost.get()) {
            throw new RunStore.LeaseLost();
        }
    }

    void release() {
        if (renewal != null) {
            renewal.cancel(false);
        }
        lease.release();
    }

    /// Stops the renewing thread.
    void end() {
        renewals.shutdownNow();
    }
}
