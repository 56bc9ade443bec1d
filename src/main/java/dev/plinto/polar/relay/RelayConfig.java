package dev.plinto.polar.relay;

import dev.plinto.polar.Bounds;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// Settings of the relay.
@ConfigMapping(prefix = "polar.relay")
public interface RelayConfig {

    /// How long a replica may publish without renewing its lease (`POLAR_RELAY_LEASE`). The leader renews it every
    /// sixth of that time, and the other replicas try to take it as often.
    @WithDefault("3s")
    @Bounds(least = "1s", most = "1m")
    Duration lease();
}
