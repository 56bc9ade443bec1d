package dev.plinto.polar.audit;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.postgres.TimePartitions;
import dev.plinto.polar.telemetry.LastingThreads;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Seals the hours of the audit log that are over, and drops rows whose retention has ended; on every replica that
/// writes to the log, one of which does it.
@ApplicationScoped
class KeepAuditLog {

    static final Duration PERIOD = Duration.ofMinutes(5);

    private final SealHours seals;
    private final AuditStore store;
    private final AuditConfig config;
    private final Roles roles;
    private final InstantSource clock;
    private final TimePartitions partitions;
    private @Nullable ScheduledExecutorService thread;

    KeepAuditLog(Pool pool, SealHours seals, AuditStore store, AuditConfig config, Roles roles,
            InstantSource clock) {
        this.seals = seals;
        this.store = store;
        this.config = config;
        this.roles = roles;
        this.clock = clock;
        this.partitions = new TimePartitions(pool, Map.of("audit_log", 28, "audit_personal", 28));
    }

    void start(@Observes StartupEvent event) {
        if (roles.include(Role.API)) {
            thread = LastingThreads.scheduler("audit log");
            thread.scheduleWithFixedDelay(this::keepOrRetryLater, 0, PERIOD.toSeconds(), TimeUnit.SECONDS);
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        if (thread != null) {
            thread.shutdownNow();
        }
    }

    private void keepOrRetryLater() {
        try {
            keep(clock.instant());
        } catch (RuntimeException failure) {
            Log.warnf("Cannot seal the audit log's last hour or drop its expired rows; retrying in %d min: %s",
                    PERIOD.toMinutes(), SealHours.describe(failure));
        }
    }

    void keep(Instant now) {
        partitions.createAhead(now);
        seals.seal();
        forget(now.minus(config.audit()));
    }

    private void forget(Instant before) {
        await(store.forget(before)).ifPresent(until -> Log.infof(
                "Retention has deleted the audit log's rows from before %s for good (kept for %d days, "
                        + "POLAR_RETENTION_AUDIT); their seals stay",
                Rfc3339.format(until), config.audit().toDays()));
    }
}
