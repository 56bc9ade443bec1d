package dev.plinto.polar.polar.api;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Counts and times requests to Polar by operation; counts them by status too: the exact status if it calls for an
/// action of its own, else its class; `none` if no answer came.
@ApplicationScoped
class ProviderMetrics {

    private static final String POLAR = "polar";
    private static final String NONE = "none";
    private static final List<String> STATUSES = List.of("2xx", "3xx", "401", "403", "404", "422", "429", "4xx", "5xx",
            NONE);

    private final MeterRegistry registry;

    ProviderMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Operation operation : Operation.values()) {
            STATUSES.forEach(status -> requests(operation, status));
            seconds(operation);
        }
    }

    static void start(@Observes StartupEvent event, Roles roles, ProviderMetrics metrics) {
        if (roles.include(Role.RECONCILE) || roles.include(Role.API) || roles.include(Role.USAGE)) {
            metrics.register();
        }
    }

    /// Does nothing: the first call creates this bean, which registers its meters.
    void register() {}

    void answered(Operation operation, int status, Duration time) {
        ended(operation, Stream.of(Integer.toString(status), status / 100 + "xx")
                .filter(STATUSES::contains).findFirst().orElse(NONE), time);
    }

    void unanswered(Operation operation, Duration time) {
        ended(operation, NONE, time);
    }

    private void ended(Operation operation, String status, Duration time) {
        requests(operation, status).increment();
        seconds(operation).record(time);
    }

    private Counter requests(Operation operation, String status) {
        return Counter.builder("polar.provider.requests")
                .description("Requests to a provider's API by operation and status")
                .tag("provider", POLAR)
                .tag("operation", operation.wireName())
                .tag("status", status)
                .register(registry);
    }

    private Timer seconds(Operation operation) {
        return Timer.builder("polar.provider")
                .description("From a request to a provider's API to the end of its answer, or until none was waited "
                        + "for any more")
                .tag("provider", POLAR)
                .tag("operation", operation.wireName())
                .serviceLevelObjectives(Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250),
                        Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofMillis(2_500), Duration.ofSeconds(5),
                        Duration.ofSeconds(10))
                .register(registry);
    }
}
