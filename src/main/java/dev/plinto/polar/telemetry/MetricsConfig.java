package dev.plinto.polar.telemetry;

import dev.plinto.polar.Bounds;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How often gauges and health checks are refreshed.
@ConfigMapping(prefix = "polar.metrics")
public interface MetricsConfig {

    /// The pause between two samples (`POLAR_METRICS_PERIOD`). A sample takes one or two queries and a request to the
    /// broker.
    @WithDefault("2s")
    @Bounds(least = "100ms", most = "1m")
    Duration period();

    /// How long a sample counts as current (`POLAR_METRICS_MAX_AGE`), at least three periods. After that gauges are NaN
    /// and health checks `DOWN`.
    @WithDefault("10s")
    @Bounds(least = "1s", most = "5m")
    Duration maxAge();
}
