package dev.plinto.polar.polar.api;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Requests to Polar, by what was asked and how it was answered: the status where it says what to do, else its class;
/// `none` where no answer came.
@ApplicationScoped
class ProviderMetrics {

    private static final List<String> STATUSES = List.of("2xx", "3xx", "401", "403", "404", "422", "429", "4xx", "5xx",
            "none");

    private final Map<Operation, Map<String, Counter>> requests = new EnumMap<>(Operation.class);

    ProviderMetrics(MeterRegistry registry) {
        for (Operation operation : Operation.values()) {
            Map<String, Counter> byStatus = new HashMap<>();
            for (String status : STATUSES) {
                byStatus.put(status, Counter.builder("polar.provider.requests")
                        .description("Requests to Polar's API, by what was asked and how it was answered")
                        .tag("operation", operation.wireName())
                        .tag("status", status)
                        .register(registry));
            }
            requests.put(operation, byStatus);
        }
    }

    static void start(@Observes StartupEvent event, Roles roles, ProviderMetrics metrics) {
        if (roles.include(Role.RECONCILE)) {
            metrics.exist();
        }
    }

    /// Making this bean registers its meters.
    void exist() {}

    void answered(Operation operation, int status) {
        Map<String, Counter> byStatus = requests.get(operation);
        String exact = Integer.toString(status);
        byStatus.getOrDefault(exact, byStatus.getOrDefault(status / 100 + "xx", byStatus.get("none"))).increment();
    }

    void unanswered(Operation operation) {
        requests.get(operation).get("none").increment();
    }
}
