package dev.plinto.polar.projection;

import dev.plinto.polar.Bounds;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// Settings of the projection.
@ConfigMapping(prefix = "polar")
public interface ProjectionConfig {

    Projection projection();

    Retention retention();

    interface Projection {

        /// How many transactions a replica runs at once, each for its own partitions.
        @WithDefault("2")
        @Bounds(least = "1", most = "16")
        int lanes();

        /// How long a replica may be silent before its partitions are projected by others
        /// (`POLAR_PROJECTION_SESSION_TIMEOUT`): Kafka's `session.timeout.ms`.
        @WithDefault("10s")
        @Bounds(least = "1s", most = "5m")
        Duration sessionTimeout();
    }

    /// How long data is kept after it was stored. Whole partitions are dropped, so that a body may stay for a week
    /// longer, and history for four weeks longer. The least are far above what a value in another unit by mistake is.
    interface Retention {

        /// The bodies of events. Polar can redeliver an event for 90 days.
        @WithDefault("90d")
        @Bounds(least = "7d", most = "3650d")
        Duration payloads();

        /// The ids of events, by which repeats are recognized. Longer than an event can be repeated: by Polar for 90
        /// days, by an operator while its body is kept.
        @WithDefault("180d")
        @Bounds(least = "91d", most = "3650d", moreThan = "payloads")
        Duration ids();

        /// The bodies of parked events, from when they were first parked. Then they cannot be replayed any more.
        @WithDefault("90d")
        @Bounds(least = "7d", most = "3650d")
        Duration parked();

        /// The published changes, by which past decisions are explained.
        @WithDefault("400d")
        @Bounds(least = "30d", most = "3650d")
        Duration history();
    }
}
