package dev.plinto.polar.ingress.spool;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.ingress.IngressConfig;
import dev.plinto.polar.telemetry.MetricsConfig;
import dev.plinto.polar.telemetry.PeriodicSample;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;

/// The number of deliveries in the spool, written by any replica, sampled in the background; unknown while the database
/// does not answer.
@ApplicationScoped
class SpoolBacklog {

    private final MeterRegistry registry;
    private final Roles roles;
    private final long limit;
    private final PeriodicSample<Long> sampled;
    private volatile boolean grown;

    SpoolBacklog(SpoolStore store, MeterRegistry registry, MetricsConfig metrics, IngressConfig config, Roles roles) {
        this.registry = registry;
        this.roles = roles;
        this.limit = config.ingress().spoolMaxEvents();
        this.sampled = new PeriodicSample<>("the spool", metrics, store::pending);
    }

    void start(@Observes StartupEvent event) {
        if (roles.include(Role.INGRESS)) {
            Gauge.builder("polar.spool.pending", () -> pending().map(Long::doubleValue).orElse(Double.NaN))
                    .description("Deliveries that wait in PostgreSQL for the broker; above 10000 an estimate")
                    .register(registry);
            sampled.start();
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        if (roles.include(Role.INGRESS)) {
            sampled.stop();
        }
    }

    Optional<Long> pending() {
        return sampled.current();
    }

    /// As of the last sample: until the next one, the spool may outgrow its limit.
    boolean isFull() {
        return pending().filter(events -> events >= limit).isPresent();
    }

    void grew() {
        grown = true;
    }

    /// Whether there may be rows to drain: in the last sample, or written by this replica since the last call.
    boolean mayBeNonEmpty() {
        boolean grew = grown;
        grown = false;
        return grew || pending().filter(events -> events > 0).isPresent();
    }
}
