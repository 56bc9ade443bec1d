package dev.plinto.polar.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/// The stages of an event, and their metrics. Two rooms record them; defined here, a metric has the same description
/// and buckets, whichever room registers it first.
public enum Stage {
    /// Its changes are committed.
    PROJECTED,
    /// Its message is on the change topic.
    PUBLISHED,
    /// What it means for other accounts is done.
    FANOUT;

    /// From the receipt of an event to this stage, one of the first two.
    public Timer freshness(MeterRegistry registry) {
        return Timer.builder("polar.freshness")
                .tag("stage", wireName())
                .description("From the receipt of an event to its stage: projected, its changes are committed; "
                        + "published, its message is on the change topic")
                .serviceLevelObjectives(Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofMillis(100),
                        Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(60),
                        Duration.ofMinutes(10))
                .register(registry);
    }

    /// The age, in seconds, of the oldest event that has not reached this stage.
    public void oldestPending(MeterRegistry registry, Supplier<Number> age) {
        Gauge.builder("polar.oldest.pending", age)
                .description("Age since receipt of the oldest event that has not reached its stage: projected, "
                        + "published; fanout, since it was projected; 0 if none is waiting")
                .tag("stage", wireName())
                .baseUnit("seconds")
                .register(registry);
    }

    private String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
