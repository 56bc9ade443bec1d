package dev.plinto.polar.relay;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.telemetry.MetricsConfig;
import dev.plinto.polar.telemetry.PeriodicSample;
import dev.plinto.polar.telemetry.Stage;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// The metrics of what waits to be published, on every replica with the role `relay`, leader or not. While the database
/// does not answer, the age of the last known oldest row goes on growing; everything else is `NaN`.
@ApplicationScoped
class OutboxMetrics {

    private final MeterRegistry registry;
    private final Roles roles;
    private final InstantSource clock;
    private final PeriodicSample<OutboxBacklog.Pending> sampled;

    OutboxMetrics(MeterRegistry registry, Pool pool, MetricsConfig config, Roles roles, InstantSource clock) {
        this.registry = registry;
        this.roles = roles;
        this.clock = clock;
        sampled = new PeriodicSample<>("the outbox", config, new OutboxBacklog(pool, clock));
    }

    void start(@Observes StartupEvent event) {
        if (!roles.include(Role.RELAY)) {
            return;
        }
        Gauge.builder("polar.outbox.pending", this::rows)
                .description("Messages that wait to be published, counted up to 100000")
                .register(registry);
        Stage.PUBLISHED.oldestPending(registry, this::seconds);
        sampled.start();
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        if (roles.include(Role.RELAY)) {
            sampled.stop();
        }
    }

    private double rows() {
        return sampled.current().map(pending -> (double) pending.rows()).orElse(Double.NaN);
    }

    private double seconds() {
        double withoutRows = sampled.current().isPresent() ? 0 : Double.NaN;
        return sampled.last().flatMap(OutboxBacklog.Pending::oldest).map(this::age).orElse(withoutRows);
    }

    /// Not negative: the clock of the replica that received the event may be ahead.
    private double age(Instant receivedAt) {
        return Math.max(0, Duration.between(receivedAt, clock.instant()).toNanos() / 1e9);
    }
}
