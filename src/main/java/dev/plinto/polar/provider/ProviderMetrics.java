package dev.plinto.polar.provider;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Counts and times the requests to one provider by operation; counts them by status too: the exact status if it calls
/// for an action of its own, else its class; `none` if no answer came.
public final class ProviderMetrics {

    private static final String NONE = "none";
    private static final List<String> STATUSES = List.of("2xx", "3xx", "401", "403", "404", "422", "429", "4xx", "5xx",
            NONE);

    private final MeterRegistry registry;
    private final String provider;

    /// @param operations all that are ever counted: each is exposed before its first request
    public ProviderMetrics(MeterRegistry registry, String provider, Stream<String> operations) {
        this.registry = registry;
        this.provider = provider;
        operations.forEach(operation -> {
            STATUSES.forEach(status -> requests(operation, status));
            seconds(operation);
        });
    }

    void answered(String operation, int status, Duration time) {
        ended(operation, Stream.of(Integer.toString(status), status / 100 + "xx")
                .filter(STATUSES::contains).findFirst().orElse(NONE), time);
    }

    void unanswered(String operation, Duration time) {
        ended(operation, NONE, time);
    }

    private void ended(String operation, String status, Duration time) {
        requests(operation, status).increment();
        seconds(operation).record(time);
    }

    private Counter requests(String operation, String status) {
        return Counter.builder("polar.provider.requests")
                .description("Requests to a provider's API by operation and status")
                .tag("provider", provider)
                .tag("operation", operation)
                .tag("status", status)
                .register(registry);
    }

    private Timer seconds(String operation) {
        return Timer.builder("polar.provider")
                .description("From a request to a provider's API to the end of its answer, or until none was waited "
                        + "for any more")
                .tag("provider", provider)
                .tag("operation", operation)
                .serviceLevelObjectives(Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250),
                        Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofMillis(2_500), Duration.ofSeconds(5),
                        Duration.ofSeconds(10))
                .register(registry);
    }
}
