package dev.plinto.polar.usage;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.postgres.ExpiredRows;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;

/// Deletes keys that producers do not send again any more; Polar still knows them. Every replica that takes usage does
/// it; they take different rows.
@ApplicationScoped
class ForgetUsageKeys {

    /// Longer than an event may be old, so that no repetition with its own time is new again.
    static final Duration KEPT = Duration.ofDays(45);

    /// A day of periods deletes more than come in a day.
    static final int SLICE = 5_000;

    private static final String FORGET = """
            WITH old AS (
              SELECT organization, id FROM usage_keys
              WHERE taken_at < clock_timestamp() - $1 * interval '1 ms'
              ORDER BY taken_at LIMIT $2 FOR UPDATE SKIP LOCKED)
            DELETE FROM usage_keys WHERE (organization, id) IN (SELECT organization, id FROM old)
            """;

    private final Roles roles;
    private final ExpiredRows keys;

    ForgetUsageKeys(Pool pool, Roles roles) {
        this.roles = roles;
        keys = new ExpiredRows(pool, "keys of usage", FORGET, KEPT, SLICE, deleted -> {});
    }

    void start(@Observes StartupEvent event) {
        if (roles.include(Role.USAGE)) {
            keys.start();
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        keys.stop();
    }

    void forget() {
        keys.delete();
    }
}
