package dev.plinto.polar.projection.census;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
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

/// How many subscriptions organizations pay beside another one of the same group. Every replica with the role
/// projection reports all of them; unknown (`NaN`) if the database has not answered for a while.
@ApplicationScoped
class DoubleSubscriptionMetrics {

    /// Sampled less often than other gauges: counting reads an index of all subscriptions that have not ended.
    private static final int PERIOD_FACTOR = 15;

    private final MeterRegistry registry;
    private final Roles roles;
    private final PeriodicSample<Long> sampled;

    DoubleSubscriptionMetrics(MeterRegistry registry, Pool pool, MetricsConfig config, Roles roles) {
        this.registry = registry;
        this.roles = roles;
        CensusStore store = new CensusStore(pool);
        sampled = new PeriodicSample<>("the number of subscriptions that are paid twice", config, PERIOD_FACTOR,
                store::doubleSubscriptions);
    }

    void start(@Observes StartupEvent event) {
        if (!roles.include(Role.PROJECTION)) {
            return;
        }
        Gauge.builder("polar.double.subscriptions", () -> sampled.current().map(Long::doubleValue).orElse(Double.NaN))
                .description("Live subscriptions of organizations beside another one of the same group of products")
                .register(registry);
        sampled.start();
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        if (roles.include(Role.PROJECTION)) {
            sampled.stop();
        }
    }
}
