package dev.plinto.polar.reconcile;

import io.quarkus.logging.Log;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// The right of this replica to reconcile, from taking it to its release. It is renewed beside the run, which may wait
/// for longer than it lasts, for Polar as for the broker; a replica that is suspended or dies loses it.
final class Lease {

    private static final Duration TIME = Duration.ofMinutes(2);
    private static final Duration RENEWAL = Duration.ofSeconds(5);

    private final ReconcileStore store;
    private final String holder = UUID.randomUUID().toString();
    private final ScheduledExecutorService renewals = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("reconcile-lease").factory());
    private ScheduledFuture<?> renewing;
    private AtomicBoolean lost;

    Lease(ReconcileStore store) {
        this.store = store;
    }

    String holder() {
        return holder;
    }

    /// False while another replica has it.
    boolean take() {
        if (!store.lease(holder, TIME)) {
            return false;
        }
        AtomicBoolean gone = new AtomicBoolean();
        lost = gone;
        renewing = renewals.scheduleWithFixedDelay(() -> renew(gone), RENEWAL.toMillis(), RENEWAL.toMillis(),
                TimeUnit.MILLISECONDS);
        return true;
    }

    private void renew(AtomicBoolean gone) {
        try {
            if (!store.renew(holder, TIME)) { // also where another one had it meanwhile, and has ended
                gone.set(true);
            }
        } catch (RuntimeException databaseAway) {
            Log.debug("The lease of reconciliation could not be renewed, and runs out unless the next try succeeds");
        }
    }

    /// @throws ReconcileStore.LeaseLost where another replica has it now
    void require() {
        if (lost.get()) {
            throw new ReconcileStore.LeaseLost();
        }
    }

    void release() {
        renewing.cancel(false);
        store.release(holder);
    }

    /// For good.
    void end() {
        renewals.shutdownNow();
    }
}
