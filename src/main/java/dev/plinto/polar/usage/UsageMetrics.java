package dev.plinto.polar.usage;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/// Counts events of usage by what became of them.
@ApplicationScoped
class UsageMetrics {

    private final Counter accepted;
    private final Counter duplicate;
    private final Counter refused;
    private final Counter sent;
    private final Counter rejected;

    UsageMetrics(MeterRegistry registry) {
        accepted = counter(registry, "accepted");
        duplicate = counter(registry, "duplicate");
        refused = counter(registry, "refused");
        sent = counter(registry, "sent");
        rejected = counter(registry, "rejected");
    }

    private static Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("polar.usage.events")
                .description("Events of usage: taken, taken before, refused, sent to Polar, and rejected by Polar")
                .tag("outcome", outcome)
                .register(registry);
    }

    static void start(@Observes StartupEvent event, Roles roles, UsageMetrics metrics) {
        if (roles.include(Role.USAGE)) {
            metrics.register();
        }
    }

    /// Does nothing: the first call creates this bean, which registers its meters.
    void register() {}

    /// Taken, durably.
    void accepted(int events) {
        accepted.increment(events);
    }

    /// Taken before.
    void duplicate(int events) {
        duplicate.increment(events);
    }

    /// Not taken, with the rest of their request.
    void refused(int events) {
        refused.increment(events);
    }

    /// Taken by Polar.
    void sent(int events) {
        sent.increment(events);
    }

    /// Refused by Polar, or never to be billed.
    void rejected(int events) {
        rejected.increment(events);
    }
}
