package dev.plinto.polar.relay;

import dev.plinto.polar.Bounds;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How long a replica that fails keeps others from publishing.
@ConfigMapping(prefix = "polar.relay")
public interface RelayConfig {

    /// For how long a replica may publish without renewing its lease (`POLAR_RELAY_LEASE`). It renews it after a third of
    /// that; the others ask for it every sixth.
    @WithDefault("3s")
    @Bounds(least = "1s", most = "1m")
    Duration lease();
}
