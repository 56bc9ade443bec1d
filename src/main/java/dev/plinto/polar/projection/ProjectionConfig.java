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

        /// How many transactions a replica has under way at once, each for partitions of its own.
        @WithDefault("2")
        @Bounds(least = "1", most = "16")
        int lanes();

        /// How long a replica may be silent before its partitions are projected by others
        /// (`POLAR_PROJECTION_SESSION_TIMEOUT`): Kafka's `session.timeout.ms`.
        @WithDefault("10s")
        @Bounds(least = "1s", most = "5m")
        Duration sessionTimeout();
    }

    /// How long things are kept, from when they were stored. Forgotten are whole partitions, so that a body may stay for
    /// a week longer, and what is history for four.
    interface Retention {

        /// The bodies of events. Polar can redeliver an event for 90 days.
        @WithDefault("90d")
        Duration payloads();

        /// The ids of events, by which a repeat is known for one. Longer than anybody can repeat an event: Polar for 90
        /// days, an operator from the bodies that we keep.
        @WithDefault("180d")
        Duration ids();

        /// What was published, by which a past decision can be told.
        @WithDefault("400d")
        Duration history();
    }
}
