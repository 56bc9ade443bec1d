package dev.plinto.polar.usage;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.postgres.Statements;
import dev.plinto.polar.postgres.Timestamps;
import dev.plinto.polar.telemetry.MetricsConfig;
import dev.plinto.polar.telemetry.PeriodicSample;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// How much usage Polar has not taken yet. Every replica with the role usage reports all of it; unknown (`NaN`) if the
/// database has not answered for a while.
@ApplicationScoped
class UsageBacklogMetrics {

    /// Sampled less often than other gauges: counting reads an index of all that waits, which may be millions.
    private static final int PERIOD_FACTOR = 5;

    private static final String COUNT = """
            SELECT count(*) FILTER (WHERE state = 'pending'), count(*) FILTER (WHERE state = 'not_billable'),
                   count(*) FILTER (WHERE state = 'parked'), min(due_at) FILTER (WHERE state = 'pending')
            FROM usage_events WHERE state IN ('pending', 'not_billable', 'parked')
            """;

    private final MeterRegistry registry;
    private final Roles roles;
    private final InstantSource clock;
    private final PeriodicSample<Backlog> sampled;

    /// @param oldest when the first of those that are pending could have been sent; null if none is
    private record Backlog(long pending, long notBillable, long parked, @Nullable Instant oldest) {

        static Backlog of(Row row) {
            return new Backlog(row.getLong(0), row.getLong(1), row.getLong(2),
                    Timestamps.toInstant(row.getOffsetDateTime(3)));
        }
    }

    UsageBacklogMetrics(MeterRegistry registry, Pool pool, MetricsConfig config, Roles roles, InstantSource clock) {
        this.registry = registry;
        this.roles = roles;
        this.clock = clock;
        sampled = new PeriodicSample<>("the usage that Polar has not taken", config, PERIOD_FACTOR,
                () -> Backlog.of(await(Statements.execute(pool, COUNT)).iterator().next()));
    }

    void start(@Observes StartupEvent event) {
        if (!roles.include(Role.USAGE)) {
            return;
        }
        gauge("polar.usage.pending", "Events of usage that are to be sent to Polar", Backlog::pending);
        gauge("polar.usage.oldest.pending.seconds", "For how long the oldest of them could have been sent",
                backlog -> age(backlog.oldest).toMillis() / 1000.0);
        gauge("polar.usage.not.billable", "Events of usage whose organization has no customer at Polar",
                Backlog::notBillable);
        gauge("polar.usage.parked", "Events of usage that Polar refuses, until they are replayed or discarded",
                Backlog::parked);
        sampled.start();
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        if (roles.include(Role.USAGE)) {
            sampled.stop();
        }
    }

    private void gauge(String name, String description, ToDoubleFunction<Backlog> value) {
        Gauge.builder(name, () -> sampled.current().map(value::applyAsDouble).orElse(Double.NaN))
                .description(description).register(registry);
    }

    /// An event of the future is not due yet.
    private Duration age(@Nullable Instant oldest) {
        Duration age = oldest == null ? Duration.ZERO : Duration.between(oldest, clock.instant());
        return age.isNegative() ? Duration.ZERO : age;
    }
}
