package dev.plinto.polar.artefact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.start.MigrateSchema;
import dev.plinto.polar.start.Schema;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.Health;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// The schema of one database over time: of the previous version, of this one, of a later one, and in the wrong place.
/// [dev.plinto.polar.deploy.RolesIT] also tests the separate migration step.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MigrationIT {

    private static OwnStack stack;

    @BeforeAll
    static void start() {
        stack = OwnStack.start();
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    @Order(1)
    void previousSchema_isMigratedAtStart() {
        Database database = stack.database();
        Flyway.configure().dataSource(database.jdbcUrl(), database.user(), database.password())
                .target(Long.toString(Schema.VERSION - 1)).load().migrate();

        try (PackagedService service = PackagedService.start(stack.environment())) {
            assertThat(Health.of(URI.create(service.baseUrl()), "started").isUp()).isTrue();
            assertThat(service.output()).contains("now at version v" + Schema.VERSION);
        }
    }

    @Test
    @Order(2)
    void currentSchema_isOnlyChecked() {
        try (PackagedService service = PackagedService.start(stack.environment())) {
            assertThat(Health.of(URI.create(service.baseUrl()), "started").isUp()).isTrue();
            assertThat(service.output()).doesNotContain("flyway");
        }
    }

    /// As after a roll-back of the service.
    @Test
    @Order(3)
    void laterSchema_isAccepted() {
        stack.database().execute("""
                INSERT INTO flyway_schema_history
                    (installed_rank, version, description, type, script, installed_by, execution_time, success)
                VALUES (1000, '1000', 'later', 'SQL', 'V1000__later.sql', 'later', 0, true)""");

        assertThat(migrate()).contains("applied now: 0");
        try (PackagedService service = PackagedService.start(stack.environment())) {
            assertThat(Health.of(URI.create(service.baseUrl()), "started").isUp()).isTrue();
        }
    }

    /// As in a database that was set up by hand: its history begins with a later version.
    @Test
    @Order(4)
    void historyFromALaterVersion_isAccepted() {
        stack.database().execute("DELETE FROM flyway_schema_history WHERE version <> '1000'");
        stack.database().execute("UPDATE flyway_schema_history SET type = 'BASELINE'");

        try (PackagedService service = PackagedService.start(stack.environment())) {
            assertThat(Health.of(URI.create(service.baseUrl()), "started").isUp()).isTrue();
            assertThat(service.output()).doesNotContain("flyway");
        }
    }

    /// As if one database serves several applications: the search path leads to another application's history.
    @Test
    @Order(5)
    void otherApplicationsHistory_isIgnored() {
        Database database = stack.database();
        database.execute("CREATE SCHEMA own");
        database.execute("ALTER ROLE " + database.user() + " SET search_path = own, public");

        try (PackagedService service = PackagedService.start(stack.environment())) {
            assertThat(service.output()).contains("Successfully applied " + Schema.VERSION + " migrations");
        } finally {
            database.execute("ALTER ROLE " + database.user() + " RESET search_path");
        }
    }

    @Test
    @Order(6)
    void migrationOfAnotherSchema_isRefused() {
        stack.losePostgres();
        Map<String, String> environment = stack.environment();
        environment.put("POLAR_MIGRATE_URL", stack.database().jdbcUrl() + "?currentSchema=own");

        PackagedService service = PackagedService.launch(environment);

        assertThat(service.exitCode()).isEqualTo(1);
        assertThat(service.output().lines().toList().getLast()).startsWith("Plinto Polar does not start")
                .contains("another database or schema", "QUARKUS_DATASOURCE_REACTIVE_URL", "POLAR_MIGRATE_URL");
    }

    /// Runs the separate migration step with only the database's settings; returns the last line that it printed.
    private static String migrate() {
        Map<String, String> environment = new HashMap<>(stack.environment());
        environment.keySet().retainAll(List.of("QUARKUS_DATASOURCE_REACTIVE_URL", "QUARKUS_DATASOURCE_USERNAME",
                "QUARKUS_DATASOURCE_PASSWORD", "JAVA_TOOL_OPTIONS"));
        PackagedService step = PackagedService.launch(environment, MigrateSchema.ARGUMENT);
        assertThat(step.exitCode()).as(step.output()).isZero();
        return step.output().lines().toList().getLast();
    }
}
