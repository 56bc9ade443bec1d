package dev.plinto.polar.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/// How far an event has come, and the metrics that tell it of each stage. Two rooms fill them, and a metric has one
/// description and one set of buckets whoever registers it first.
public enum Stage {
    /// What it changed is committed.
    PROJECTED,
    /// Its message is on the change topic.
    PUBLISHED;

    /// From the receipt of an event to this stage.
    public Timer freshness(MeterRegistry registry) {
        return Timer.builder("polar.freshness")
                .tag("stage", wireName())
                .description("From the receipt of an event: projected, to the commit of what it changed; published, to "
                        + "its message on the change topic")
                .serviceLevelObjectives(Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofMillis(100),
                        Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(60),
                        Duration.ofMinutes(10))
                .register(registry);
    }

    /// The age, in seconds, of the oldest event that has not come to this stage.
    public void oldestPending(MeterRegistry registry, Supplier<Number> age) {
        Gauge.builder("polar.oldest.pending", age)
                .description("Age since receipt of the oldest event that has not come to its stage: projected, "
                        + "published; 0 where none waits")
                .tag("stage", wireName())
                .baseUnit("seconds")
                .register(registry);
    }

    private String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
