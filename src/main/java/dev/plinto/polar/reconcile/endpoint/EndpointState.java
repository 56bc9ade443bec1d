package dev.plinto.polar.reconcile.endpoint;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.reconcile.ReconcileConfig;
import dev.plinto.polar.reconcile.endpoint.InspectionStore.Result;
import dev.plinto.polar.reconcile.endpoint.InspectionStore.State;
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
import org.jspecify.annotations.Nullable;

/// The state of reconciliation and of our endpoint at Polar, as metrics of every replica with the role `reconcile`,
/// whichever of them did the work. Unknown (`NaN`) before the first inspection, and when the last one is outdated.
@ApplicationScoped
public class EndpointState {

    private final MeterRegistry registry;
    private final Roles roles;
    private final PeriodicSample<State> sample;
    private final List<Gauge> gauges = new ArrayList<>();

    EndpointState(MeterRegistry registry, InspectionStore store, MetricsConfig metrics, ReconcileConfig config,
            Roles roles) {
        this.registry = registry;
        this.roles = roles;
        sample = new PeriodicSample<>("the state of reconciliation", metrics,
                () -> store.load(config.reconcile().inspection().multipliedBy(3)));
    }

    void start(@Observes StartupEvent event) {
        if (!roles.include(Role.RECONCILE)) {
            return;
        }
        gauge("polar.reconcile.last.success.timestamp", "seconds",
                "When the newest complete run ended, as Unix time",
                state -> state.succeededAt().map(EndpointState::seconds));
        gauge("polar.endpoint.enabled", null, "1 while our endpoint at Polar is on, 0 while it is off",
                state -> state.result().flatMap(Result::enabled).map(enabled -> enabled ? 1.0 : 0.0));
        gauge("polar.endpoint.failed.events", null,
                "How many of our endpoint's newest events failed in a row; with the tenth Polar switches it off",
                state -> state.result().flatMap(Result::failedEvents).map(Integer::doubleValue));
        gauge("polar.api.version.expiry.timestamp", "seconds",
                "When Polar removes the API version of our endpoint or of our requests, whichever comes first, as "
                        + "Unix time",
                state -> state.result().map(Result::versionExpires).map(EndpointState::seconds));
        sample.start();
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        if (roles.include(Role.RECONCILE)) {
            sample.stop();
            gauges.forEach(registry::remove); // otherwise the next instance in this JVM would show these values
        }
    }

    /// Problems of our endpoint, each with what to do; empty if there are none, or the last inspection is outdated.
    public List<String> findings() {
        return sample.current().flatMap(State::result).map(Result::findings).orElse(List.of());
    }

    private void gauge(String name, @Nullable String unit, String description,
            Function<State, Optional<Double>> value) {
        gauges.add(Gauge.builder(name, () -> sample.current().flatMap(value).orElse(Double.NaN))
                .description(description)
                .baseUnit(unit)
                .register(registry));
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / 1e3;
    }
}
