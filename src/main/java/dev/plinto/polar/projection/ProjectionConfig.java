package dev.plinto.polar.projection;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/// Settings of the projection.
@ConfigMapping(prefix = "polar")
public interface ProjectionConfig {

    /// The merchant's id at Polar (`POLAR_ORGANIZATION_ID`). Events of another one are parked; without it, none is
    /// checked.
    Optional<String> organizationId();
}
