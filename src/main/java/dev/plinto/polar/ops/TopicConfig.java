package dev.plinto.polar.ops;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/// How topics are made where this service makes them.
@ConfigMapping(prefix = "polar.topic")
public interface TopicConfig {

    /// `POLAR_TOPIC_PARTITIONS`
    @WithDefault("12")
    @Min(1)
    @Max(1000)
    int partitions();

    /// `POLAR_TOPIC_REPLICATION`
    @WithDefault("3")
    @Min(1)
    @Max(10)
    short replication();
}
