package dev.plinto.polar.usage;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;
import java.util.Set;

/// Settings of metered events.
@ConfigMapping(prefix = "polar.usage")
public interface UsageConfig {

    /// The names of the events that a person's token may send (`POLAR_USAGE_CLIENT_EVENTS`). By default there are none:
    /// an application on a person's device can be made to send anything.
    Optional<Set<String>> clientEvents();
}
