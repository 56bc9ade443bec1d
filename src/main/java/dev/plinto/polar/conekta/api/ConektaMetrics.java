package dev.plinto.polar.conekta.api;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.conekta.ConektaConfig;
import dev.plinto.polar.provider.ProviderMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Arrays;

/// Registers the metrics of requests to Conekta where it is on, and a role sends some.
@ApplicationScoped
class ConektaMetrics {

    private final ProviderMetrics metrics;

    ConektaMetrics(MeterRegistry registry) {
        metrics = new ProviderMetrics(registry, "conekta",
                Arrays.stream(Operation.values()).map(Operation::wireName));
    }

    static void start(@Observes StartupEvent event, ConektaConfig config, Roles roles, ConektaMetrics metrics) {
        if (config.isOn() && (roles.include(Role.RECONCILE) || roles.include(Role.API))) {
            metrics.registered();
        }
    }

    /// The first call creates this bean, which registers its meters.
    ProviderMetrics registered() {
        return metrics;
    }
}
