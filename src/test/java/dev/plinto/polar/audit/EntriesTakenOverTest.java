package dev.plinto.polar.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.sandbox.database.EmbeddedPostgres;
import dev.plinto.polar.sandbox.process.FreePort;
import dev.plinto.polar.testing.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Entries of the table that releases before had.
class EntriesTakenOverTest {

    @TempDir
    private Path directory;

    @Test
    void entriesOfTheTableBefore_areTakenOver_alsoAfterALongRollback() {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("postgres"), FreePort.any())) {
            FluentConfiguration flyway = Flyway.configure()
                    .dataSource(postgres.jdbcUrl(), EmbeddedPostgres.USER, EmbeddedPostgres.PASSWORD);
            flyway.target("14").load().migrate();
            Database database = Database.of(postgres);
            database.execute("INSERT INTO audit (at, actor, way, action, target, reason, result) VALUES "
                    + "('2026-11-01T10:00:00Z', 'usr_1', 'console', 'discard_parked', 'evt_1', 'a test', '1 event'), "
                    + "('2026-11-02T10:00:00Z', 'usr_2', 'api', 'reconcile', NULL, NULL, NULL)");

            flyway.target("latest").load().migrate();

            assertThat(database.rows("SELECT to_char(log.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24'), actor_kind, actor, "
                    + "way, action, target, value, (SELECT result FROM audit_log AS ended WHERE ended.begun = log.id) "
                    + "FROM audit_log AS log LEFT JOIN audit_personal ON audit_personal.id = log.id "
                    + "WHERE begun IS NULL ORDER BY log.id")).containsExactly(
                            List.of("2026-11-01 10", "operator", "usr_1", "console", "discard_parked", "evt_1",
                                    "a test", "1 event"),
                            Arrays.asList("2026-11-02 10", "operator", "usr_2", "api", "reconcile", null, null, null));

            // as after a rollback of months
            for (String table : List.of("audit_log", "audit_personal")) {
                database.column("SELECT partition FROM partitions_of(?::regclass)", table)
                        .forEach(partition -> database.execute("DROP TABLE " + partition));
                database.execute("CREATE TABLE %1$s_before PARTITION OF %1$s FOR VALUES FROM (MINVALUE) TO ('%2$s')"
                        .formatted(table, Instant.now().minus(Duration.ofDays(100))));
            }
            database.execute("INSERT INTO audit (actor, way, action, reason) "
                    + "VALUES ('usr_3', 'api', 'discard_parked', 'later')");

            assertThat(database.column("SELECT actor FROM audit_log")).containsExactly("usr_3");
            assertThat(database.column("SELECT value FROM audit_personal")).containsExactly("later");
        }
    }
}
