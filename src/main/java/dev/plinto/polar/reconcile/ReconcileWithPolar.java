package dev.plinto.polar.reconcile;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.polar.api.Polar;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.postgres.DatabaseAway;
import dev.plinto.polar.postgres.RenewedLease;
import dev.plinto.polar.projection.lag.ProjectionLag;
import dev.plinto.polar.reconcile.endpoint.InspectEndpoint;
import dev.plinto.polar.telemetry.ExternalIdDropped;
import dev.plinto.polar.telemetry.LastingThreads;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Compares the stored state with Polar's and repairs it, at start, each period and on request. It also inspects our
/// endpoint at Polar. One replica at a time does so, by a lease in the database. Repairs that a replica publishes after
/// it lost the lease are harmless: a snapshot counts as of its own moment, whenever it arrives.
@ApplicationScoped
public class ReconcileWithPolar {

    private static final Duration POLL = Duration.ofSeconds(2);
    private static final Duration POLL_DURING_RUN = Duration.ofSeconds(10);
    /// Polar may refuse a request seven times, each time for 10 minutes.
    private static final Duration LONGEST_STEP = Duration.ofHours(2);
    private static final Duration MAX_LAG = Duration.ofMinutes(1);
    static final int AFTER_EVERYTHING_ELSE = 3000;

    private final Polar polar;
    private final Comparison comparison;
    private final Repairs repairs;
    private final InspectEndpoint endpoint;
    private final RunStore store;
    private final ListStore lists;
    private final ReconcileConfig config;
    private final ProjectionLag lag;
    private final Merchant merchant;
    private final Roles roles;
    private final MeterRegistry registry;

    private final RenewedLease lease;
    private final Thread thread = LastingThreads.unstarted("reconcile", this::run);
    private final Semaphore wake = new Semaphore(0);
    private final UnreadLists unread = new UnreadLists();
    private volatile boolean stopping;
    private @Nullable String lastLogged;
    private long polledAt = System.nanoTime();

    ReconcileWithPolar(Pool pool, Polar polar, Comparison comparison, Repairs repairs, InspectEndpoint endpoint,
            RunStore store, ListStore lists, ReconcileConfig config, ProjectionLag lag, Merchant merchant, Roles roles,
            MeterRegistry registry) {
        this.polar = polar;
        this.comparison = comparison;
        this.repairs = repairs;
        this.endpoint = endpoint;
        this.store = store;
        this.lists = lists;
        this.config = config;
        this.lag = lag;
        this.merchant = merchant;
        this.roles = roles;
        this.registry = registry;
        this.lease = new RenewedLease(pool, "reconciliation", config.reconcile().lease(), LONGEST_STEP, "reconcile");
    }

    void start(@Observes @Priority(AFTER_EVERYTHING_ELSE) StartupEvent event) {
        if (roles.include(Role.RECONCILE)) {
            ExternalIdDropped.counter(registry).increment(0); // so that it exists before a run
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

    /// Requests a run on any replica. It begins after the returned time, once the backlog is small, and so covers all
    /// earlier changes.
    public Instant request() {
        Instant requestedAt = store.requestRun();
        wake.release();
        return requestedAt;
    }

    private void run() {
        boolean begun = isOnDemandOnly();
        while (!stopping) {
            Duration pause = POLL;
            try {
                if (!begun) {
                    begin();
                    begun = true;
                }
                reconcileIfDue();
            } catch (InterruptedException interrupted) {
                break;
            } catch (RunStore.LeaseLost elsewhere) {
                Log.info("Lost the reconciliation lease; another replica continues the run");
            } catch (TooMuchMissing | IncompleteRun failed) {
                logFailure(failed.getMessage());
                pause = config.reconcile().inspection(); // the next run reads all lists again
            } catch (PolarFailure failed) {
                logFailure(failed.getMessage());
                pause = config.reconcile().retry();
            } catch (RuntimeException failed) {
                logFailure(failed);
                pause = config.reconcile().retry();
            }
            if (!awaitNext(pause)) {
                break;
            }
        }
    }

    /// Checks token and environment at once, and requests a first run, even if another replica has just done one.
    private void begin() throws InterruptedException {
        polar.endpoints();
        Log.info("Polar's API accepts the token");
        if (merchant.organizationId().isEmpty()) {
            Log.warn("The organization of POLAR_ACCESS_TOKEN is not checked, and its objects are imported: no webhook "
                    + "has named our organization at Polar yet. Set POLAR_ORGANIZATION_ID to have it checked.");
        }
        store.requestRun();
    }

    private void reconcileIfDue() throws InterruptedException {
        boolean isDue = store.isDue(config.reconcile().period()) && backlogIsSmall();
        if (!isDue && !isInspectionDue() || !lease.take()) {
            return;
        }
        try {
            InspectEndpoint.Inspection inspection = inspect();
            if (isDue) {
                int repaired = new Run(polar, comparison, repairs, store, lists, merchant,
                        inspection.endpoint(), config.reconcile(), lease.holder(), this::checkDuringRun,
                        ExternalIdDropped.counter(registry), unread, inspection.respondedAt())
                        .complete();
                Log.infof("Reconciled with Polar: %d repairs published since the run began or was last resumed",
                        repaired);
            }
            lastLogged = null;
        } catch (TooMuchMissing implausible) {
            store.abandon(lease.holder());
            throw implausible;
        } finally {
            releaseLease();
        }
    }

    /// Requires the lease, and inspects the endpoint when that is due: Polar's rate limit may make a run take hours.
    private void checkDuringRun() throws InterruptedException {
        if (!lease.mayContinue()) {
            throw new RunStore.LeaseLost();
        }
        if (System.nanoTime() - polledAt > POLL_DURING_RUN.toNanos()) {
            polledAt = System.nanoTime();
            if (isInspectionDue()) {
                inspect();
            }
        }
    }

    private InspectEndpoint.Inspection inspect() throws InterruptedException {
        InspectEndpoint.Inspection inspection = endpoint.inspect();
        if (inspection.switchedOn()) {
            store.requestRun(); // Polar never sends the events of the time when it was off
        }
        return inspection;
    }

    private boolean isInspectionDue() {
        return !isOnDemandOnly() && store.isInspectionDue(config.reconcile().inspection());
    }

    /// A run during a large backlog would repair what the backlog already contains.
    private boolean backlogIsSmall() {
        return lag.current().filter(age -> age.compareTo(MAX_LAG) < 0).isPresent();
    }

    private boolean isOnDemandOnly() {
        return config.reconcile().period().isZero();
    }

    /// Logs a lasting failure once.
    private void logFailure(@Nullable String failure) {
        if (!stopping && !Objects.equals(failure, lastLogged)) {
            lastLogged = failure;
            Log.warnf("Reconciliation with Polar failed and will be retried: %s", failure);
        }
    }

    private void logFailure(RuntimeException failed) {
        String failure = failed.toString();
        if (DatabaseAway.isCauseOf(failed)) {
            logFailure(DatabaseAway.describe(failed));
        } else if (!stopping && !failure.equals(lastLogged)) {
            lastLogged = failure;
            Log.error("Reconciliation with Polar failed by a fault of this service, and will be retried", failed);
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
            Log.debug("Could not release the reconciliation lease; it expires automatically");
        }
    }
}
