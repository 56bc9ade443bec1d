package dev.plinto.polar.billing;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.telemetry.CheckoutCounter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/// Counts the checkouts that were made, and those of them that nobody was handed.
@ApplicationScoped
class CheckoutMetrics {

    private final Counter created;
    private final Counter unclaimed;

    CheckoutMetrics(MeterRegistry registry) {
        created = CheckoutCounter.of(registry, "created");
        unclaimed = Counter.builder("polar.unclaimed.checkouts")
                .description(
                        "Checkouts that Polar made for a request whose answer was lost, and that nobody was handed")
                .register(registry);
    }

    static void start(@Observes StartupEvent event, Roles roles, CheckoutMetrics metrics) {
        if (roles.include(Role.API)) {
            metrics.register();
        }
    }

    /// Does nothing: the first call creates this bean, which registers its meters.
    void register() {}

    void created() {
        created.increment();
    }

    void unclaimed(long checkouts) {
        unclaimed.increment((double) checkouts);
    }
}
