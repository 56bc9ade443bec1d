package dev.plinto.polar.telemetry;

import dev.plinto.polar.Bounds;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How often is looked at what gauges and health checks tell.
@ConfigMapping(prefix = "polar.metrics")
public interface MetricsConfig {

    /// The pause between two looks (`POLAR_METRICS_PERIOD`). Each look is a query or two and a question to the broker.
    @WithDefault("2s")
    @Bounds(least = "100ms", most = "1m")
    Duration period();

    /// For how long a sample says something about now (`POLAR_METRICS_CURRENCY`), and three periods at least. Then gauges
    /// show that nothing is known, and health checks that nothing answers.
    @WithDefault("10s")
    @Bounds(least = "1s", most = "5m")
    Duration currency();
}
