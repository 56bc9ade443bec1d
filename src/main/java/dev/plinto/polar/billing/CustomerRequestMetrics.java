package dev.plinto.polar.billing;

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
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/// How long the customers for whom nobody waits have been waiting. Every replica with the role api reports all of them;
/// unknown (`NaN`) if the database has not answered for a while.
@ApplicationScoped
class CustomerRequestMetrics {

    private static final String OLDEST = """
            SELECT coalesce(extract(epoch FROM clock_timestamp() - min(requested_at)), 0)::float8 FROM customer_requests
            """;

    private final MeterRegistry registry;
    private final Roles roles;
    private final PeriodicSample<Double> sampled;

    CustomerRequestMetrics(MeterRegistry registry, Pool pool, MetricsConfig config, Roles roles) {
        this.registry = registry;
        this.roles = roles;
        sampled = new PeriodicSample<>("the customers that are to be registered", config,
                () -> await(Statements.execute(pool, OLDEST)).iterator().next().getDouble(0));
    }

    void start(@Observes StartupEvent event) {
        if (!roles.include(Role.API)) {
            return;
        }
        Gauge.builder("polar.customer.requests.oldest", () -> sampled.current().orElse(Double.NaN))
                .baseUnit("seconds")
                .description("Age of the oldest customer that was accepted and is not registered at Polar yet")
                .register(registry);
        sampled.start();
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        if (roles.include(Role.API)) {
            sampled.stop();
        }
    }
}
