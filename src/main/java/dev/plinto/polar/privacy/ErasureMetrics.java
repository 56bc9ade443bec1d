package dev.plinto.polar.privacy;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.postgres.Statements;
import dev.plinto.polar.telemetry.MetricsConfig;
import dev.plinto.polar.telemetry.PeriodicSample;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.function.ToDoubleFunction;

/// How many erasures are not complete, and for how long. Every replica with the role api reports all of them; unknown
/// (`NaN`) if the database has not answered for a while.
@ApplicationScoped
class ErasureMetrics {

    private static final String PENDING = """
            SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(requested_at)), 0)::float8,
                   count(*) FILTER (WHERE trouble IS NOT NULL)
            FROM erasures WHERE completed_at IS NULL
            """;

    private final MeterRegistry registry;
    private final Roles roles;
    private final PeriodicSample<Pending> sampled;

    /// @param oldest in seconds; 0 if none is pending
    private record Pending(long erasures, double oldest, long inTrouble) {

        static Pending of(Row row) {
            return new Pending(row.getLong(0), row.getDouble(1), row.getLong(2));
        }
    }

    ErasureMetrics(MeterRegistry registry, Pool pool, MetricsConfig config, Roles roles) {
        this.registry = registry;
        this.roles = roles;
        sampled = new PeriodicSample<>("the erasures that are not complete", config,
                () -> Pending.of(await(Statements.execute(pool, PENDING)).iterator().next()));
    }

    void start(@Observes StartupEvent event) {
        if (!roles.include(Role.API)) {
            return;
        }
        gauge("polar.erasures.pending", "Erasures that were accepted and are not complete", Pending::erasures);
        gauge("polar.erasure.oldest.pending.seconds", "Age of the oldest of them", Pending::oldest);
        gauge("polar.erasures.in.trouble", "Those of them whose last attempt failed", Pending::inTrouble);
        sampled.start();
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        if (roles.include(Role.API)) {
            sampled.stop();
        }
    }

    private void gauge(String name, String description, ToDoubleFunction<Pending> value) {
        Gauge.builder(name, () -> sampled.current().map(value::applyAsDouble).orElse(Double.NaN))
                .description(description).register(registry);
    }
}
