package dev.plinto.polar.reconcile.endpoint;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.reconcile.ReconcileConfig;
import dev.plinto.polar.reconcile.endpoint.InspectionStore.Found;
import dev.plinto.polar.reconcile.endpoint.InspectionStore.Stored;
import dev.plinto.polar.telemetry.MetricsConfig;
import dev.plinto.polar.telemetry.PeriodicSample;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// How reconciliation stands, and what is wrong with our endpoint at Polar: told by every replica with the role,
/// whichever of them looked; not known (`NaN`) before the first look, and once the last one is long ago.
@ApplicationScoped
public class EndpointState {

    private final MeterRegistry registry;
    private final Roles roles;
    private final PeriodicSample<Stored> sampled;
    private final List<Gauge> gauges = new ArrayList<>();

    EndpointState(MeterRegistry registry, InspectionStore store, MetricsConfig metrics, ReconcileConfig config,
            Roles roles) {
        this.registry = registry;
        this.roles = roles;
        sampled = new PeriodicSample<>("the state of reconciliation", metrics,
                () -> store.stored(config.reconcile().inspection().multipliedBy(3)));
    }

    void start(@Observes StartupEvent event) {
        if (!roles.include(Role.RECONCILE)) {
            return;
        }
        gauge("polar.reconcile.last.success.timestamp", "seconds",
                "When the newest run ended that compared everything, as Unix time",
                stored -> stored.succeededAt().map(EndpointState::seconds));
        gauge("polar.endpoint.enabled", null, "1 while our endpoint at Polar is on, 0 while it is off",
                stored -> stored.found().flatMap(Found::enabled).map(enabled -> enabled ? 1.0 : 0.0));
        gauge("polar.endpoint.failed.events", null,
                "How many of our endpoint's newest events failed in a row; with the tenth Polar switches it off",
                stored -> stored.found().flatMap(Found::failedEvents).map(Integer::doubleValue));
        gauge("polar.api.version.expiry.timestamp", "seconds",
                "When Polar removes the API version of our endpoint or of our requests, whichever comes first, as "
                        + "Unix time",
                stored -> stored.found().map(Found::versionExpires).map(EndpointState::seconds));
        sampled.start();
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        if (roles.include(Role.RECONCILE)) {
            sampled.stop();
            gauges.forEach(registry::remove); // else a successor in this JVM would go on showing this one's
        }
    }

    /// What is to be done about our endpoint; empty where it is well, or nobody has looked lately.
    public List<String> findings() {
        return sampled.current().flatMap(Stored::found).map(Found::findings).orElse(List.of());
    }

    private void gauge(String name, String unit, String description, Function<Stored, Optional<Double>> value) {
        gauges.add(Gauge.builder(name, () -> sampled.current().flatMap(value).orElse(Double.NaN))
                .description(description)
                .baseUnit(unit)
                .register(registry));
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / 1e3;
    }
}
