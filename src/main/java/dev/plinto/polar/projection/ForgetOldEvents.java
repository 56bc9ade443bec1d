package dev.plinto.polar.projection;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
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
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Forgets what was kept for long enough, every hour and on every replica with the role projection: who comes second
/// finds nothing to do. What is parked stays until somebody replays it.
@ApplicationScoped
class ForgetOldEvents {

    /// The longest time for which Polar can deliver an event again (it then archives the payload).
    private static final Duration POLAR_REDELIVERS = Duration.ofDays(90);
    private static final Duration PERIOD = Duration.ofHours(1);
    private static final int IDS_AT_ONCE = 10_000;

    private final Pool pool;
    private final Partitions partitions;
    private final ProjectionConfig.Retention retention;
    private final Roles roles;
    private final InstantSource clock;
    private ScheduledExecutorService hourly;

    ForgetOldEvents(Pool pool, Partitions partitions, ProjectionConfig config, Roles roles, InstantSource clock) {
        this.pool = pool;
        this.partitions = partitions;
        this.retention = config.retention();
        this.roles = roles;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        requireThatRepeatsAreKnown(retention);
        if (roles.include(Role.PROJECTION)) {
            hourly = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("forget old events").factory());
            hourly.scheduleWithFixedDelay(this::forgetUnlessTheDatabaseIsAway,
                    1, PERIOD.toMinutes(), TimeUnit.MINUTES);
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        if (hourly != null) {
            hourly.shutdownNow();
        }
    }

    static void requireThatRepeatsAreKnown(ProjectionConfig.Retention retention) {
        if (retention.ids().compareTo(POLAR_REDELIVERS) <= 0 || retention.ids().compareTo(retention.payloads()) <= 0) {
            throw new IllegalArgumentException("polar.retention.ids (" + retention.ids().toDays()
                    + " days) must be more"
                    + " than the " + POLAR_REDELIVERS.toDays() + " days for which Polar can deliver an event again, and"
                    + " more than polar.retention.payloads: an event that is repeated later would count as new");
        }
    }

    private void forgetUnlessTheDatabaseIsAway() {
        try {
            forget(clock.instant());
        } catch (RuntimeException next) {
            Log.warnf("What was kept for long enough is not forgotten yet, and tried again in an hour: %s",
                    DatabaseFailure.describe(next));
        }
    }

    void forget(Instant now) {
        partitions.cover(now);
        int payloads = partitions.drop("payloads", now.minus(retention.payloads()));
        int history = partitions.drop("history", now.minus(retention.history()));
        int ids = forgetIds(now.minus(retention.ids()));
        if (payloads + history + ids > 0) {
            Log.infof(
                    "Forgotten: %d partitions of payloads (kept for %d days), %d of history (%d days), %d ids (%d days)",
                    payloads, retention.payloads().toDays(), history, retention.history().toDays(),
                    ids, retention.ids().toDays());
        }
    }

    /// In small transactions, which hold up nobody.
    private int forgetIds(Instant before) {
        int all = 0;
        int some;
        do {
            some = await(pool.preparedQuery("""
                    DELETE FROM inbox WHERE ctid = ANY (ARRAY(
                      SELECT ctid FROM inbox WHERE projected_at < $1 ORDER BY projected_at LIMIT $2
                      FOR UPDATE SKIP LOCKED))
                    """).execute(Tuple.of(FieldColumn.offset(before), IDS_AT_ONCE))).rowCount();
            all += some;
        } while (some == IDS_AT_ONCE);
        return all;
    }
}
