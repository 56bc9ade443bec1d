package dev.plinto.polar.projection;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/// Settings of the projection.
@ConfigMapping(prefix = "polar")
public interface ProjectionConfig {

    Projection projection();

    interface Projection {

        /// How many transactions a replica has under way at once, each for partitions of its own.
        @WithDefault("2")
        @Min(1)
        @Max(16)
        int lanes();
    }
}
