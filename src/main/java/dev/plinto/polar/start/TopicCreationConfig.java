package dev.plinto.polar.start;

import dev.plinto.polar.Bounds;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// How this service creates topics, if they do not exist and it may create them.
@ConfigMapping(prefix = "polar.topic")
public interface TopicCreationConfig {

    /// Partitions of each topic (`POLAR_TOPIC_PARTITIONS`).
    @WithDefault("12")
    @Bounds(least = "1", most = "1000")
    int partitions();

    /// Replication factor of each topic (`POLAR_TOPIC_REPLICATION`).
    @WithDefault("3")
    @Bounds(least = "1", most = "10")
    short replication();
}
