package dev.plinto.polar.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.sandbox.database.EmbeddedPostgres;
import dev.plinto.polar.sandbox.process.FreePort;
import dev.plinto.polar.testing.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The migration beside a projection of the release before.
class AuditChainMigrationTest {

    @TempDir
    private Path directory;

    @Test
    void projectionThatIsUnderWay_isNotDeadlocked() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("postgres"), FreePort.any())) {
            Database database = Database.of(postgres);
            flyway(postgres, "16").migrate();
            CompletableFuture<?> migrated;
            try (Connection projection = database.connect(); Statement statement = projection.createStatement()) {
                projection.setAutoCommit(false);
                statement.execute("LOCK TABLE benefit_changes IN ROW EXCLUSIVE MODE"); // as by its first insert
                migrated = CompletableFuture.runAsync(flyway(postgres, "17")::migrate);
                await().atMost(Duration.ofSeconds(30)).until(() -> database.number(
                        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'benefit_changes'::regclass"),
                        waiting -> waiting > 0);

                statement.execute("LOCK TABLE history IN ROW EXCLUSIVE MODE"); // as by its second one
                projection.commit();
            }

            assertThat(migrated).succeedsWithin(Duration.ofSeconds(30));
        }
    }

    private static Flyway flyway(EmbeddedPostgres postgres, String target) {
        return Flyway.configure().dataSource(postgres.jdbcUrl(), EmbeddedPostgres.USER, EmbeddedPostgres.PASSWORD)
                .target(target).load();
    }
}
