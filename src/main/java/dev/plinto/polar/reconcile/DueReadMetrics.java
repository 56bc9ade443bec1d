package dev.plinto.polar.reconcile;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.telemetry.MetricsConfig;
import dev.plinto.polar.telemetry.PeriodicSample;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.InstantSource;

/// How many due reads are not done. Every replica with the role reconcile reports all of them; unknown (`NaN`) if the
/// database has not answered for a while.
@ApplicationScoped
class DueReadMetrics {

    private final MeterRegistry registry;
    private final Roles roles;
    private final PeriodicSample<Long> sampled;

    DueReadMetrics(MeterRegistry registry, DueReadQueue queue, MetricsConfig config, Roles roles,
            InstantSource clock) {
        this.registry = registry;
        this.roles = roles;
        sampled = new PeriodicSample<>("the due reads", config, () -> queue.waiting(clock.instant()));
    }

    void start(@Observes StartupEvent event) {
        if (roles.include(Role.RECONCILE)) {
            Gauge.builder("polar.due.reads", () -> sampled.current().map(Long::doubleValue).orElse(Double.NaN))
                    .description("Objects that must be read at their provider, and have not been read yet")
                    .register(registry);
            sampled.start();
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        if (roles.include(Role.RECONCILE)) {
            sampled.stop();
        }
    }
}
