package dev.plinto.polar.http;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;

/// Counts the connections that were cut.
final class ConnectionMetrics {

    private ConnectionMetrics() {}

    static void start(@Observes StartupEvent event, MeterRegistry registry) {
        for (CutReason reason : CutReason.values()) {
            FunctionCounter.builder("polar.connections.cut", GuardConnections.OPEN, open -> open.cuts(reason))
                    .description("Connections closed by the service before their request was answered, by reason")
                    .tag("reason", reason.label())
                    .register(registry);
        }
    }
}
