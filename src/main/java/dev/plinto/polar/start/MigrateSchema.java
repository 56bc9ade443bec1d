package dev.plinto.polar.start;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;

/// Brings the schema up to date, under Flyway's lock, so that it may run beside others; where there is nothing to do it
/// does nothing. At a start, or as a step of its own, `java -jar quarkus-run.jar migrate`, for installations whose
/// replicas do not migrate (`POLAR_MIGRATE_AT_START=false`): that needs the database and nothing else of what the
/// service needs.
///
/// All of it throws [org.flywaydb.core.api.FlywayException] where the database is away, or a migration failed and was
/// rolled back.
public final class MigrateSchema {

    public static final String ARGUMENT = "migrate";
    private static final String URL = MigrateConfig.PREFIX + ".url";

    /// As a step of its own: a statement may take hours. Returns what it did, in words.
    public static String run(UnaryOperator<String> configured) {
        MigrateResult done = run(configured, Duration.ZERO);
        return "The schema is at version " + (done.targetSchemaVersion == null
                ? done.initialSchemaVersion
                : done.targetSchemaVersion)
                + "; migrations applied now: " + done.migrationsExecuted;
    }

    /// @param patience for how long the database may be silent; none: for ever
    static MigrateResult run(UnaryOperator<String> configured, Duration patience) {
        return Flyway.configure(Thread.currentThread().getContextClassLoader())
                .dataSource(url(configured), configured.apply("quarkus.datasource.username"),
                        configured.apply("quarkus.datasource.password"))
                .jdbcProperties(Map.of("loginTimeout", "10", "tcpKeepAlive", "true",
                        "socketTimeout", Long.toString(patience.toSeconds())))
                .failOnMissingLocations(true)
                .load().migrate();
    }

    /// Where none is set, `vertx-reactive:postgresql://db:5432/polar?sslmode=require` and the same without the prefix
    /// become `jdbc:postgresql://db:5432/polar?sslmode=require`.
    static String url(UnaryOperator<String> configured) {
        return Optional.ofNullable(configured.apply(URL)).map(String::strip).filter(url -> !url.isEmpty())
                .orElseGet(() -> "jdbc:" + configured.apply("quarkus.datasource.reactive.url").strip()
                        .replaceFirst("^vertx-reactive:", "")
                        .replaceFirst("^postgres:", "postgresql:"));
    }

    private MigrateSchema() {}
}
