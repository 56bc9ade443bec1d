package dev.plinto.polar.start;

import dev.plinto.polar.Bounds;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// How topics are made where this service makes them.
@ConfigMapping(prefix = "polar.topic")
public interface TopicCreationConfig {

    /// `POLAR_TOPIC_PARTITIONS`
    @WithDefault("12")
    @Bounds(least = "1", most = "1000")
    int partitions();

    /// `POLAR_TOPIC_REPLICATION`
    @WithDefault("3")
    @Bounds(least = "1", most = "10")
    short replication();
}
