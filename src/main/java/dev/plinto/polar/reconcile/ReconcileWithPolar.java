package dev.plinto.polar.reconcile;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.polar.api.Polar;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.projection.lag.ProjectionLag;
import dev.plinto.polar.reconcile.endpoint.InspectEndpoint;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Compares with Polar what the webhooks brought and repairs it: at start, each period, and when somebody asks; and
/// looks now and then at our endpoint there. Among any number of replicas one does so at a time, by a lease in the
/// database; what one publishes that has lost it does no harm, since a snapshot speaks as of its own moment, whenever
/// it arrives.
@ApplicationScoped
public class ReconcileWithPolar {

    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration OTHER_LOOK = Duration.ofSeconds(10); // during a run
    private static final Duration MOST_BACKLOG = Duration.ofMinutes(1);
    private static final int AFTER_EVERYTHING_ELSE = 3000;

    private final Polar polar;
    private final Comparison comparison;
    private final Repairs repairs;
    private final InspectEndpoint endpoint;
    private final RunStore store;
    private final ReconcileConfig config;
    private final ProjectionLag lag;
    private final Merchant merchant;
    private final Roles roles;

    private final RenewedLease lease;
    private final Thread thread = Thread.ofPlatform().name("reconcile").unstarted(this::run);
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean stopping;
    private String told = "";
    private long lookedAt = System.nanoTime();

    ReconcileWithPolar(Pool pool, Polar polar, Comparison comparison, Repairs repairs, InspectEndpoint endpoint,
            RunStore store, ReconcileConfig config, ProjectionLag lag, Merchant merchant, Roles roles) {
        this.polar = polar;
        this.comparison = comparison;
        this.repairs = repairs;
        this.endpoint = endpoint;
        this.store = store;
        this.config = config;
        this.lag = lag;
        this.merchant = merchant;
        this.roles = roles;
        this.lease = new RenewedLease(pool, config.reconcile().lease());
    }

    void start(@Observes @Priority(AFTER_EVERYTHING_ELSE) StartupEvent event) {
        if (roles.include(Role.RECONCILE)) {
            thread.start();
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        thread.interrupt();
        if (thread.isAlive()) {
            thread.join(Duration.ofSeconds(5));
        }
        lease.end();
    }

    /// Asks for a run, on whichever replica; it begins once the backlog is small, and sees all that was so before.
    public Instant request() {
        Instant wanted = store.want();
        wake.release();
        return wanted;
    }

    private void run() {
        boolean begun = isOnDemandOnly();
        while (!stopping) {
            Duration pause = LOOK;
            try {
                if (!begun) {
                    begin();
                    begun = true;
                }
                reconcileWhereDue();
            } catch (InterruptedException interrupted) {
                break;
            } catch (RunStore.LeaseLost elsewhere) {
                Log.info("Another replica goes on with reconciliation");
            } catch (TooMuchMissing | IncompleteRun failed) {
                tell(failed.getMessage());
                pause = config.reconcile().inspection(); // not to read all lists again at once
            } catch (PolarFailure failed) {
                tell(failed.getMessage());
                pause = config.reconcile().retry();
            } catch (RuntimeException failed) { // the database is away, as a rule
                tell(failed.toString());
                pause = config.reconcile().retry();
            }
            if (!awaitNext(pause)) {
                break;
            }
        }
    }

    /// Whether token and environment fit shows at once; and a first run, whatever others did lately.
    private void begin() throws InterruptedException {
        polar.endpoints();
        Log.info("Polar's API answers and accepts the token");
        if (merchant.ours().isEmpty()) {
            Log.warn("Nothing says yet whether POLAR_ACCESS_TOKEN is of the right organization at Polar, and what that "
                    + "one has is taken over. Set POLAR_ORGANIZATION_ID to have it checked.");
        }
        store.want();
    }

    private void reconcileWhereDue() throws InterruptedException {
        boolean isDue = store.isDue(config.reconcile().period()) && backlogIsSmall();
        if (!isDue && !isInspectionDue() || !lease.take()) {
            return;
        }
        try {
            InspectEndpoint.Inspection inspection = inspect();
            if (isDue) {
                int repaired = new Run(polar, comparison, repairs, store, inspection.endpoint(),
                        config.reconcile().maxGone(), lease.holder(), this::meanwhile, inspection.heard()).toEnd();
                Log.infof("Reconciled with Polar: %d repairs published since the run began or was last taken up",
                        repaired);
            }
            told = "";
        } catch (TooMuchMissing misled) {
            store.abandon(lease.holder());
            throw misled;
        } finally {
            releaseLease();
        }
    }

    /// A run may take hours, at the pace that Polar allows.
    private void meanwhile() throws InterruptedException {
        lease.require();
        if (System.nanoTime() - lookedAt > OTHER_LOOK.toNanos()) {
            lookedAt = System.nanoTime();
            if (isInspectionDue()) {
                inspect();
            }
        }
    }

    private InspectEndpoint.Inspection inspect() throws InterruptedException {
        InspectEndpoint.Inspection inspection = endpoint.inspect();
        if (inspection.switchedOn()) {
            store.want(); // what happened while it was off, nobody told
        }
        return inspection;
    }

    private boolean isInspectionDue() {
        return !isOnDemandOnly() && store.isInspectionDue(config.reconcile().inspection());
    }

    /// What waits on the raw topic may say already what would be repaired.
    private boolean backlogIsSmall() {
        return lag.current().filter(age -> age.compareTo(MOST_BACKLOG) < 0).isPresent();
    }

    private boolean isOnDemandOnly() {
        return config.reconcile().period().isZero();
    }

    /// A failure that lasts is one line.
    private void tell(String failure) {
        if (!stopping && !failure.equals(told)) {
            told = failure;
            Log.warnf("Reconciliation with Polar does not get on, and tries again: %s", failure);
        }
    }

    private boolean awaitNext(Duration pause) {
        try {
            if (wake.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                wake.drainPermits();
            }
            return true;
        } catch (InterruptedException interrupted) {
            return false;
        }
    }

    private void releaseLease() {
        try {
            lease.release();
        } catch (RuntimeException databaseAway) {
            Log.debug("The lease of reconciliation could not be released, and runs out by itself");
        }
    }
}
