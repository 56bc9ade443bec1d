package dev.plinto.polar.projection;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.postgres.Statements;
import dev.plinto.polar.telemetry.LastingThreads;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger.Level;
import org.jspecify.annotations.Nullable;

/// Deletes data whose retention has ended, every hour and on every replica with the role projection; a second replica
/// finds nothing to delete. Parked events stay until they are replayed or discarded; after their retention without
/// their bodies.
@ApplicationScoped
class ForgetOldEvents {

    private static final Duration PERIOD = Duration.ofHours(1);
    /// Partitions that end within an hour: one of payloads, one each of the two tables of history. More end at once
    /// only after a pause, or when a retention was shortened.
    private static final int USUAL = 2;
    private static final int IDS_PER_TRANSACTION = 10_000;

    private final Pool pool;
    private final Partitions partitions;
    private final ProjectionConfig.Retention retention;
    private final Roles roles;
    private final InstantSource clock;
    private @Nullable ScheduledExecutorService hourly;

    ForgetOldEvents(Pool pool, Partitions partitions, ProjectionConfig config, Roles roles, InstantSource clock) {
        this.pool = pool;
        this.partitions = partitions;
        this.retention = config.retention();
        this.roles = roles;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        if (roles.include(Role.PROJECTION)) {
            Log.infof("Retention deletes payloads after %d days, ids after %d, and history after %d "
                    + "(POLAR_RETENTION_…), for the first time in a minute",
                    retention.payloads().toDays(), retention.ids().toDays(), retention.history().toDays());
            hourly = LastingThreads.scheduler("forget old events");
            hourly.scheduleWithFixedDelay(this::forgetOrRetryLater,
                    1, PERIOD.toMinutes(), TimeUnit.MINUTES);
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        if (hourly != null) {
            hourly.shutdownNow();
        }
    }

    private void forgetOrRetryLater() {
        try {
            forget(clock.instant());
        } catch (RuntimeException failure) {
            Log.warnf("Cannot delete expired data; retrying in an hour: %s",
                    DatabaseFailure.describe(failure));
        }
    }

    void forget(Instant now) {
        partitions.createAhead(now);
        int payloads = partitions.drop("payloads", now.minus(retention.payloads()));
        int history = partitions.drop("history", now.minus(retention.history()))
                + partitions.drop("benefit_changes", now.minus(retention.history()));
        int ids = forgetIds(now.minus(retention.ids()));
        forgetConflicts(now.minus(retention.payloads()));
        forgetParkedBodies(now);
        if (payloads + history + ids > 0) {
            Log.logf(Math.max(payloads, history) > USUAL ? Level.WARN : Level.INFO,
                    "Retention has deleted for good: %d partitions of payloads that ended more than %d days ago "
                            + "(POLAR_RETENTION_PAYLOADS), %d of history (%d days, POLAR_RETENTION_HISTORY), and %d "
                            + "ids (%d days, POLAR_RETENTION_IDS)",
                    payloads, retention.payloads().toDays(), history, retention.history().toDays(),
                    ids, retention.ids().toDays());
        }
    }

    private void forgetConflicts(Instant before) {
        int conflicts = await(Statements.execute(pool, "DELETE FROM conflicts WHERE stored_at < $1",
                Tuple.of(FieldColumn.offset(before)))).rowCount();
        if (conflicts > 0) {
            Log.infof("Deleted %d bodies of conflicts (kept for %d days)", conflicts, retention.payloads().toDays());
        }
    }

    private void forgetParkedBodies(Instant now) {
        int bodies = await(Statements.execute(pool, """
                UPDATE parked SET body = '', body_forgotten_at = $1
                WHERE first_failed_at < $2 AND body_forgotten_at IS NULL
                """, Tuple.of(FieldColumn.offset(now), FieldColumn.offset(now.minus(retention.parked())))))
                .rowCount();
        if (bodies > 0) {
            Log.warnf("Deleted the bodies of %d events that were parked %d days ago (POLAR_RETENTION_PARKED). They "
                    + "were never applied and cannot be replayed any more: run reconciliation, then discard them; see "
                    + "docs/parked.md", bodies, retention.parked().toDays());
        }
    }

    /// In small transactions, which block no other transaction for long.
    private int forgetIds(Instant before) {
        int total = 0;
        int deleted;
        do {
            deleted = await(Statements.execute(pool, """
                    DELETE FROM inbox WHERE ctid = ANY (ARRAY(
                      SELECT ctid FROM inbox WHERE projected_at < $1 ORDER BY projected_at LIMIT $2
                      FOR UPDATE SKIP LOCKED))
                    """, Tuple.of(FieldColumn.offset(before), IDS_PER_TRANSACTION))).rowCount();
            total += deleted;
        } while (deleted == IDS_PER_TRANSACTION);
        return total;
    }
}
