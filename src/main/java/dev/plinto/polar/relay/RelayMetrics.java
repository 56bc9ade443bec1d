package dev.plinto.polar.relay;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// What the relay tells its operators.
@ApplicationScoped
class RelayMetrics {

    private final AtomicInteger leads = new AtomicInteger();
    private final Timer freshness;

    RelayMetrics(MeterRegistry registry) {
        Gauge.builder("polar.relay.leader", leads, AtomicInteger::get)
                .description("1 while this replica publishes changes")
                .register(registry);
        freshness = Timer.builder("polar.freshness")
                .tag("stage", "published")
                .description("From receipt to the commit of what the event changed")
                .serviceLevelObjectives(Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofMillis(100),
                        Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(60),
                        Duration.ofMinutes(10))
                .register(registry);
    }

    void leads(boolean leading) {
        leads.set(leading ? 1 : 0);
    }

    void published(List<OutboxRow> rows, Instant now) {
        for (OutboxRow row : rows) {
            if (row.receivedAt() != null) {
                freshness.record(Duration.between(row.receivedAt(), now));
            }
        }
    }
}
