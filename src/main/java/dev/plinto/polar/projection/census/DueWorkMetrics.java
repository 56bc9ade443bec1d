package dev.plinto.polar.projection.census;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.telemetry.MetricsConfig;
import dev.plinto.polar.telemetry.PeriodicSample;
import dev.plinto.polar.telemetry.Stage;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// For how long the oldest due work has waited: what one event means for many accounts. Every replica with the role
/// projection reports it. While the database does not answer, what is known to wait goes on ageing; otherwise it is
/// unknown (`NaN`).
@ApplicationScoped
class DueWorkMetrics {

    private final MeterRegistry registry;
    private final Roles roles;
    private final InstantSource clock;
    private final PeriodicSample<Optional<Instant>> oldest;

    DueWorkMetrics(MeterRegistry registry, Pool pool, MetricsConfig config, Roles roles, InstantSource clock) {
        this.registry = registry;
        this.roles = roles;
        this.clock = clock;
        oldest = new PeriodicSample<>("the age of due work", config, new CensusStore(pool)::oldestDueWork);
    }

    void start(@Observes StartupEvent event) {
        if (roles.include(Role.PROJECTION)) {
            Stage.FANOUT.oldestPending(registry, this::seconds);
            oldest.start();
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        if (roles.include(Role.PROJECTION)) {
            oldest.stop();
        }
    }

    /// Not negative: the database's clock may be ahead.
    private double seconds() {
        double withoutWork = oldest.current().isPresent() ? 0 : Double.NaN;
        return oldest.last().flatMap(added -> added)
                .map(added -> Math.max(0, Duration.between(added, clock.instant()).toNanos() / 1e9))
                .orElse(withoutWork);
    }
}
