package dev.plinto.polar.postgres;

import dev.plinto.polar.telemetry.LastingThreads;
import io.quarkus.logging.Log;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A [Lease] that a thread of its own renews while its holder works, since the work may wait for others for longer than
/// the lease lasts. A replica that dies, is suspended or does not reach the database loses it within its time. So does
/// one whose working thread has ended, or has hung for longer than any step of the work takes.
public final class RenewedLease {

    /// How many renewals are sent in the time of a lease. None waits for the one before, which may be on a connection
    /// that is silent, or whose answers come late.
    private static final int RENEWALS = 6;
    /// Each has a connection of the pool, in which all others must not lack one.
    private static final int MOST_UNANSWERED = 4;

    private final Lease lease;
    private final String name;
    private final Duration longestStep;
    private final ScheduledExecutorService renewals;
    private final Semaphore unanswered = new Semaphore(MOST_UNANSWERED);
    private @Nullable ScheduledFuture<?> renewing;
    private volatile @Nullable Term term; // since the lease was taken last

    /// @param table       as of [Lease]
    /// @param time        how long the lease is valid unless renewed
    /// @param longestStep longer than the holder ever takes from one call of [#mayContinue()] to the next
    /// @param name        of whose lease it is, for threads and logs
    public RenewedLease(Pool pool, String table, Duration time, Duration longestStep, String name) {
        this.lease = new Lease(pool, table, time);
        this.longestStep = longestStep;
        this.name = name;
        this.renewals = LastingThreads.scheduler(name + "-lease");
    }

    public String holder() {
        return lease.holder();
    }

    /// False while another replica holds it. The calling thread is the one that works.
    public boolean take() {
        stopRenewing();
        long requestedAt = System.nanoTime();
        if (!lease.take()) {
            return false;
        }
        Term taken = new Term(Thread.currentThread(), requestedAt, requestedAt + lease.time().toNanos());
        startRenewing(taken);
        return true;
    }

    /// Whether the holder may go on; it asks before each step of its work.
    public boolean mayContinue() {
        Term current = term;
        if (current != null) {
            current.stepBegan = System.nanoTime();
        }
        return isHeld();
    }

    /// False also if the database has not confirmed it for so long that another replica may have taken it.
    public boolean isHeld() {
        Term current = term;
        return current != null && !current.lost && System.nanoTime() - current.until < 0;
    }

    /// Also for another thread than the one that works, if that hangs.
    public void release() {
        stopRenewing();
        lease.release(); // no renewal that is still on its way undoes this
    }

    /// Stops the renewing thread.
    public void end() {
        renewals.shutdownNow();
    }

    private synchronized void startRenewing(Term taken) {
        term = taken;
        long pause = lease.time().dividedBy(RENEWALS).toMillis();
        renewing = renewals.scheduleWithFixedDelay(() -> renew(taken), 0, pause, TimeUnit.MILLISECONDS);
    }

    private synchronized void stopRenewing() {
        term = null;
        if (renewing != null) {
            renewing.cancel(false);
        }
    }

    private void renew(Term current) {
        long requestedAt = System.nanoTime();
        if (!isWorking(current, requestedAt) || !unanswered.tryAcquire()) {
            return; // it expires, unless an answer comes
        }
        lease.renew().whenComplete((renewed, failure) -> {
            unanswered.release();
            if (failure != null) {
                Log.debugf("Cannot renew the lease of %s; it expires unless a retry succeeds", name);
            } else if (renewed) {
                current.renewed(requestedAt + lease.time().toNanos());
            } else {
                current.lost = true;
            }
        });
    }

    private boolean isWorking(Term current, long now) {
        if (!current.worker.isAlive()) {
            return false;
        }
        boolean hangs = now - current.stepBegan > longestStep.toNanos();
        if (hangs && !current.isReported) {
            current.isReported = true;
            Log.warnf("The thread %s has taken more than %d s for a step, and loses its lease: another replica takes "
                    + "over. Unless this replica was suspended, restart it", current.worker.getName(),
                    longestStep.toSeconds());
        }
        return !hangs;
    }

    /// The time from taking the lease until it is released, lost or taken again. All times are of [System#nanoTime()].
    private static final class Term {

        private final Thread worker;
        private volatile long stepBegan;
        private volatile long until;
        private volatile boolean lost;
        private boolean isReported;

        private Term(Thread worker, long stepBegan, long until) {
            this.worker = worker;
            this.stepBegan = stepBegan;
            this.until = until;
        }

        /// Answers may overtake each other.
        private synchronized void renewed(long newUntil) {
            until = Math.max(until - newUntil, 0) + newUntil;
        }
    }
}
