package dev.plinto.polar.projection;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.Stage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What projection tells its operators of each event. What waits to be projected is told by [BacklogMetrics], which
/// does not depend on this replica's consumer.
@ApplicationScoped
class ProjectionMetrics {

    private final Map<Outcome, Counter> projected = new EnumMap<>(Outcome.class);
    private final Timer freshness;

    ProjectionMetrics(MeterRegistry registry) {
        freshness = Stage.PROJECTED.freshness(registry);
        for (Outcome outcome : Outcome.values()) {
            projected.put(outcome, Counter.builder("polar.events.projected")
                    .description("Events taken off the raw topic, by what became of them")
                    .tag("outcome", outcome.counted())
                    .register(registry));
        }
    }

    static void start(@Observes StartupEvent event, Roles roles, ProjectionMetrics metrics) {
        if (roles.include(Role.PROJECTION)) {
            metrics.exist();
        }
    }

    /// Making this bean registers its meters.
    void exist() {}

    void count(List<Projected> events, Instant now) {
        for (Projected one : events) {
            projected.get(one.outcome()).increment();
            if (one.outcome() == Outcome.APPLIED) {
                freshness.record(Duration.between(one.event().receivedAt(), now));
            }
        }
    }
}
