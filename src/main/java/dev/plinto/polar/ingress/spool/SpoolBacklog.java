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

/// How many deliveries are in the spool, whichever replica wrote them, looked at beside the deliveries; not known while
/// the database does not answer.
@ApplicationScoped
class SpoolBacklog {

    private final MeterRegistry registry;
    private final Roles roles;
    private final long most;
    private final PeriodicSample<Long> sampled;
    private volatile boolean grown;

    SpoolBacklog(SpoolStore store, MeterRegistry registry, MetricsConfig metrics, IngressConfig config, Roles roles) {
        this.registry = registry;
        this.roles = roles;
        this.most = config.ingress().spoolMaxEvents();
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

    /// As of the last look, so that the spool may outgrow its limit by what comes until the next one.
    boolean isFull() {
        return pending().filter(events -> events >= most).isPresent();
    }

    void grew() {
        grown = true;
    }

    /// Whether there may be something to drain: somebody's, or what this replica wrote since it last asked.
    boolean mayHaveSome() {
        boolean since = grown;
        grown = false;
        return since || pending().filter(events -> events > 0).isPresent();
    }
}
