package dev.plinto.polar.reconcile;

import java.time.Duration;
import java.util.UUID;

/// The right of this replica to reconcile, for a while.
final class Lease {

    /// Longer than a request with its time-out and a usual `Retry-After`.
    private static final Duration TIME = Duration.ofMinutes(2);
    private static final Duration RENEWAL = Duration.ofSeconds(10);

    private final ReconcileStore store;
    private final String holder = UUID.randomUUID().toString();
    private long renewedAt;

    Lease(ReconcileStore store) {
        this.store = store;
    }

    String holder() {
        return holder;
    }

    boolean take() {
        boolean taken = store.lease(holder, TIME);
        renewedAt = System.nanoTime();
        return taken;
    }

    /// @return whether it was time to
    /// @throws ReconcileStore.LeaseLost where another replica has it now
    boolean renew() {
        if (System.nanoTime() - renewedAt <= RENEWAL.toNanos()) {
            return false;
        }
        if (!store.renew(holder, TIME)) { // also where another one had it meanwhile, and has ended
            throw new ReconcileStore.LeaseLost();
        }
        renewedAt = System.nanoTime();
        return true;
    }

    void release() {
        store.release(holder);
    }
}
