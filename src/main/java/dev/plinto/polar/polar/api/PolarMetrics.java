package dev.plinto.polar.polar.api;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.provider.ProviderMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Arrays;

/// Registers the metrics of requests to Polar where a role sends some.
@ApplicationScoped
class PolarMetrics {

    private final ProviderMetrics metrics;

    PolarMetrics(MeterRegistry registry) {
        metrics = new ProviderMetrics(registry, "polar",
                Arrays.stream(Operation.values()).map(Operation::wireName));
    }

    static void start(@Observes StartupEvent event, Roles roles, PolarMetrics metrics) {
        if (roles.include(Role.RECONCILE) || roles.include(Role.API) || roles.include(Role.USAGE)) {
            metrics.registered();
        }
    }

    /// The first call creates this bean, which registers its meters.
    ProviderMetrics registered() {
        return metrics;
    }
}
