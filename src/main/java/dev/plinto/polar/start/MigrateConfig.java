package dev.plinto.polar.start;

import dev.plinto.polar.Bounds;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// How the service brings the schema up to date when it starts.
@ConfigMapping(prefix = MigrateConfig.PREFIX)
interface MigrateConfig {

    String PREFIX = "polar.migrate";

    /// Whether this replica migrates at start (`POLAR_MIGRATE_AT_START`). By default a replica with only the role
    /// `ingress` does not, so that it can start while the database is away.
    @WithDefault("${role.migrates}")
    boolean atStart();

    /// The JDBC URL of the database (`POLAR_MIGRATE_URL`), if it cannot be derived from the service's own URL. Declared
    /// here so that it is a known setting; [MigrateSchema] reads it directly, also before mappings exist.
    Optional<String> url();

    /// How long the database may take to answer a statement (`POLAR_MIGRATE_PATIENCE`). Then the service exits; without
    /// a limit, its start would hang and could not be stopped. Run a longer migration as a separate step, see
    /// [MigrateSchema].
    @WithDefault("60s")
    @Bounds(least = "1s", most = "1h")
    Duration patience();
}
