package dev.plinto.polar.reconcile;

import dev.plinto.polar.postgres.Answers;
import dev.plinto.polar.postgres.Lease;
import io.quarkus.logging.Log;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// The right of this replica to reconcile, from taking it to its release. It is renewed beside the run, which may wait
/// for Polar or the broker for longer than the lease lasts; a replica that is suspended or dies loses it.
final class RenewedLease {

    /// So many renewals may fail before the lease runs out.
    private static final int RENEWALS = 24;

    private final Lease lease;
    private final ScheduledExecutorService renewals = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("reconcile-lease").factory());
    private ScheduledFuture<?> renewing;
    private AtomicBoolean lost;

    RenewedLease(Pool pool, Duration time) {
        lease = new Lease(pool, "reconciliation", time, Answers.SILENCE);
    }

    String holder() {
        return lease.holder();
    }

    /// False while another replica has it.
    boolean take() {
        if (!lease.take()) {
            return false;
        }
        AtomicBoolean gone = new AtomicBoolean();
        lost = gone;
        long pause = lease.time().toMillis() / RENEWALS;
        renewing = renewals.scheduleWithFixedDelay(() -> renew(gone), pause, pause, TimeUnit.MILLISECONDS);
        return true;
    }

    private void renew(AtomicBoolean gone) {
        try {
            if (!lease.renew()) {
                gone.set(true);
            }
        } catch (RuntimeException databaseAway) {
            Log.debug("The lease of reconciliation could not be renewed, and runs out unless the next try succeeds");
        }
    }

    /// @throws RunStore.LeaseLost if another replica has it now
    void require() {
        if (lost.get()) {
            throw new RunStore.LeaseLost();
        }
    }

    void release() {
        renewing.cancel(false);
        lease.release();
    }

    /// For good.
    void end() {
        renewals.shutdownNow();
    }
}
