package dev.plinto.polar.start;

import dev.plinto.polar.Bounds;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// How a start brings the schema up to date.
@ConfigMapping(prefix = MigrateConfig.PREFIX)
interface MigrateConfig {

    String PREFIX = "polar.migrate";

    /// Whether it does (`POLAR_MIGRATE_AT_START`). A replica that only takes deliveries in does not: it starts without
    /// a database that answers.
    @WithDefault("${role.migrates}")
    boolean atStart();

    /// The database as JDBC names it (`POLAR_MIGRATE_URL`), where that does not follow from how the service does. Here
    /// to be known; it is read by [MigrateSchema], also where there is no mapping yet.
    Optional<String> url();

    /// For how long the database may be silent (`POLAR_MIGRATE_PATIENCE`): that ends the start, which else neither went
    /// on nor could be stopped. A migration that takes longer is a step of its own, see [MigrateSchema].
    @WithDefault("60s")
    @Bounds(least = "1s", most = "1h")
    Duration patience();
}
