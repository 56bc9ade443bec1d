package dev.plinto.polar.projection;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What projection tells its operators.
@ApplicationScoped
class ProjectionMetrics {

    private final MeterRegistry registry;
    private final Timer freshness;

    ProjectionMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.freshness = Timer.builder("polar.freshness")
                .tag("stage", "projected")
                .description("From receipt to the commit of what the event changed")
                .serviceLevelObjectives(Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofMillis(100),
                        Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(60),
                        Duration.ofMinutes(10))
                .register(registry);
        for (Outcome outcome : Outcome.values()) {
            counter(outcome);
        }
    }

    void count(List<Projected> events, Instant now) {
        for (Projected projected : events) {
            counter(projected.outcome()).increment();
            if (projected.outcome() == Outcome.APPLIED) {
                freshness.record(Duration.between(projected.event().receivedAt(), now));
            }
        }
    }

    private Counter counter(Outcome outcome) {
        return Counter.builder("polar.events.projected")
                .description("Events taken off the raw topic, by what became of them")
                .tag("outcome", outcome.counted())
                .register(registry);
    }
}
