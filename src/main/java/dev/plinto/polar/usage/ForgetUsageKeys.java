package dev.plinto.polar.usage;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.postgres.DatabaseAway;
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
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Deletes keys that producers do not send again any more; Polar still knows them. Every replica that takes usage does
/// it; they take different rows.
@ApplicationScoped
class ForgetUsageKeys {

    /// Longer than an event may be old, so that no repetition with its own time is new again.
    static final Duration KEPT = Duration.ofDays(45);

    private static final Duration PERIOD = Duration.ofMinutes(5);
    static final int SLICE = 5_000;
    /// In a period, so that the work is bounded; a day of them is more than come in a day.
    private static final int MOST_SLICES = 200;

    private static final String FORGET = """
            WITH old AS (
              SELECT organization, id FROM usage_keys
              WHERE taken_at < clock_timestamp() - $1 * interval '1 day'
              ORDER BY taken_at LIMIT $2 FOR UPDATE SKIP LOCKED)
            DELETE FROM usage_keys WHERE (organization, id) IN (SELECT organization, id FROM old)
            """;

    private final Pool pool;
    private final Roles roles;
    private @Nullable ScheduledExecutorService thread;

    ForgetUsageKeys(Pool pool, Roles roles) {
        this.pool = pool;
        this.roles = roles;
    }

    void start(@Observes StartupEvent event) {
        if (roles.include(Role.USAGE)) {
            thread = LastingThreads.scheduler("usage keys");
            thread.scheduleWithFixedDelay(this::forgetOrRetryLater, PERIOD.toSeconds(), PERIOD.toSeconds(),
                    TimeUnit.SECONDS);
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        if (thread != null) {
            thread.shutdownNow();
        }
    }

    private void forgetOrRetryLater() {
        try {
            forget();
        } catch (RuntimeException failure) {
            Log.warnf("Cannot delete keys of usage that are older than %d days; retrying in %d min: %s",
                    KEPT.toDays(), PERIOD.toMinutes(), DatabaseAway.describe(failure));
        }
    }

    void forget() {
        for (int slice = 0; slice < MOST_SLICES; slice++) {
            if (await(Statements.execute(pool, FORGET, Tuple.of(KEPT.toDays(), SLICE))).rowCount() < SLICE) {
                return;
            }
        }
    }
}
