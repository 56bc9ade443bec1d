package dev.plinto.polar.privacy;

import dev.plinto.polar.Bounds;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// Settings of exports.
@ConfigMapping(prefix = "polar.privacy")
public interface PrivacyConfig {

    /// How long an export may take (`POLAR_PRIVACY_LONGEST_EXPORT`). It holds a transaction of the database for as long
    /// as its receiver reads.
    @WithDefault("10m")
    @Bounds(least = "1s", most = "1h")
    Duration longestExport();
}
