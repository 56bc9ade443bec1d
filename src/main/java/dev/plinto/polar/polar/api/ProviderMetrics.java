package dev.plinto.polar.polar.api;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.stream.Stream;

/// Counts requests to Polar by operation and status: the exact status if it calls for an action of its own, else its
/// class; `none` if no answer came.
@ApplicationScoped
class ProviderMetrics {

    private static final String NONE = "none";
    private static final List<String> STATUSES = List.of("2xx", "3xx", "401", "403", "404", "422", "429", "4xx", "5xx",
            NONE);

    private final MeterRegistry registry;

    ProviderMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Operation operation : Operation.values()) {
            STATUSES.forEach(status -> requests(operation, status));
        }
    }

    static void start(@Observes StartupEvent event, Roles roles, ProviderMetrics metrics) {
        if (roles.include(Role.RECONCILE)) {
            metrics.register();
        }
    }

    /// Does nothing: the first call creates this bean, which registers its meters.
    void register() {}

    void answered(Operation operation, int status) {
        requests(operation, Stream.of(Integer.toString(status), status / 100 + "xx")
                .filter(STATUSES::contains).findFirst().orElse(NONE)).increment();
    }

    void unanswered(Operation operation) {
        requests(operation, NONE).increment();
    }

    private Counter requests(Operation operation, String status) {
        return Counter.builder("polar.provider.requests")
                .description("Requests to Polar's API by operation and status")
                .tag("operation", operation.wireName())
                .tag("status", status)
                .register(registry);
    }
}
