package dev.plinto.polar.start;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;

/// Brings the schema up to date under Flyway's lock, so that several replicas may do so at once; an up-to-date schema
/// stays unchanged. Runs at start or, where replicas do not migrate (`POLAR_MIGRATE_AT_START=false`), as a separate
/// step: `java -jar quarkus-run.jar migrate`, which needs only the database's settings.
///
/// Throws [org.flywaydb.core.api.FlywayException] if the database is away, or a migration failed and was rolled back.
public final class MigrateSchema {

    public static final String ARGUMENT = "migrate";
    private static final String URL = MigrateConfig.PREFIX + ".url";

    /// The separate step, in which a statement may take hours. Returns a summary for the operator.
    public static String run(UnaryOperator<String> configured) {
        MigrateResult done = run(configured, Duration.ZERO);
        return "The schema is at version " + (done.targetSchemaVersion == null
                ? done.initialSchemaVersion
                : done.targetSchemaVersion)
                + "; migrations applied now: " + done.migrationsExecuted;
    }

    /// @param patience how long the database may take to answer a statement; zero: no limit
    static MigrateResult run(UnaryOperator<String> configured, Duration patience) {
        return Flyway.configure(Thread.currentThread().getContextClassLoader())
                .dataSource(url(configured), configured.apply("quarkus.datasource.username"),
                        configured.apply("quarkus.datasource.password"))
                .jdbcProperties(Map.of("loginTimeout", "10", "tcpKeepAlive", "true",
                        "socketTimeout", Long.toString(patience.toSeconds())))
                .failOnMissingLocations(true)
                .load().migrate();
    }

    /// Unless a JDBC URL is set, derives it from the reactive URL: `vertx-reactive:postgresql://db:5432/polar?a=b`,
    /// with or without that prefix, becomes `jdbc:postgresql://db:5432/polar?a=b`.
    static String url(UnaryOperator<String> configured) {
        return Optional.ofNullable(configured.apply(URL)).map(String::strip).filter(url -> !url.isEmpty())
                .orElseGet(() -> "jdbc:" + configured.apply("quarkus.datasource.reactive.url").strip()
                        .replaceFirst("^vertx-reactive:", "")
                        .replaceFirst("^postgres:", "postgresql:"));
    }

    private MigrateSchema() {}
}
