package dev.plinto.polar.postgres;

import dev.plinto.polar.Bounds;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// Settings of the connections to PostgreSQL.
@ConfigMapping(prefix = "polar.database")
public interface DatabaseConfig {

    /// A connection on which PostgreSQL does not answer a statement for that long is closed (`POLAR_DATABASE_SILENCE`):
    /// longer than any statement takes on a working database. In whole seconds.
    @WithDefault("15s")
    @Bounds(least = "5s", most = "2m")
    Duration silence();
}
