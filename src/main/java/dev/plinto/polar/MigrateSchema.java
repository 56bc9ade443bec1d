package dev.plinto.polar;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;

/// The migration as a step of its own, `java -jar quarkus-run.jar migrate`, for installations whose replicas do not
/// migrate (`QUARKUS_FLYWAY_MIGRATE_AT_START=false`). It needs the database and nothing else of what the service
/// needs.
final class MigrateSchema {

    static final String ARGUMENT = "migrate";

    /// Says what it did. Under Flyway's lock, so that it may run beside others; where there is nothing to do it does
    /// nothing.
    ///
    /// @throws org.flywaydb.core.api.FlywayException where the database is away, or a migration failed and was rolled
    /// back
    static String run(UnaryOperator<String> configured) {
        MigrateResult done = Flyway.configure(Thread.currentThread().getContextClassLoader())
                .dataSource(DerivedSettings.jdbc(configured.apply("quarkus.datasource.reactive.url")),
                        configured.apply("quarkus.datasource.username"),
                        configured.apply("quarkus.datasource.password"))
                .jdbcProperties(Map.of("loginTimeout", "10", "tcpKeepAlive", "true")) // a statement may take hours
                .failOnMissingLocations(true)
                .load().migrate();
        return "The schema is at version " + (done.targetSchemaVersion == null
                ? done.initialSchemaVersion : done.targetSchemaVersion)
                + "; migrations applied now: " + done.migrationsExecuted;
    }

    private MigrateSchema() {}
}
