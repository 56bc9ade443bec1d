package dev.plinto.polar.ops;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.ingress.IngressMetrics;
import dev.plinto.polar.telemetry.MetricsConfig;
import dev.plinto.polar.telemetry.PeriodicSample;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// Deliveries that this replica recently refused for their signature or could not take, from its own counters.
@ApplicationScoped
class RefusedLately {

    private static final long TEN_MINUTES = Duration.ofMinutes(10).toNanos();

    private final IngressMetrics metrics;
    private final Roles roles;
    private final PeriodicSample<Overview.Refused> sampled;
    private final Deque<Counted> samples = new ArrayDeque<>(); // used by the sampling thread only

    private record Counted(long nanos, long badSignatures, long unavailable) {}

    RefusedLately(IngressMetrics metrics, MetricsConfig config, Roles roles) {
        this.metrics = metrics;
        this.roles = roles;
        sampled = new PeriodicSample<>("refused deliveries", config, this::sample);
    }

    void start(@Observes StartupEvent event) {
        if (roles.include(Role.INGRESS)) {
            sampled.start();
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        if (roles.include(Role.INGRESS)) {
            sampled.stop();
        }
    }

    /// In the last ten minutes; empty if this replica does not have the role `ingress`.
    Optional<Overview.Refused> now() {
        return sampled.current();
    }

    private Overview.Refused sample() {
        Counted now = new Counted(System.nanoTime(), metrics.badSignatures(), metrics.unavailableDeliveries());
        samples.addLast(now);
        while (now.nanos - samples.getFirst().nanos > TEN_MINUTES) {
            samples.removeFirst();
        }
        Counted then = samples.getFirst();
        return new Overview.Refused(now.badSignatures - then.badSignatures, now.unavailable - then.unavailable);
    }
}
