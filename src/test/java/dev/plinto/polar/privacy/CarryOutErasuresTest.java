package dev.plinto.polar.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.Roles;
import dev.plinto.polar.telemetry.LastingThreads;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Who works on an erasure, and how that ends.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class CarryOutErasuresTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    Pool pool;

    @Inject
    ErasureSteps steps;

    @Inject
    Roles roles;

    private final Database database = Database.ofSandbox();
    private final UUID erasure = UUID.randomUUID();

    @AfterEach
    void forget() {
        database.execute("DELETE FROM erasure_steps WHERE erasure = ?::uuid", erasure.toString());
        database.execute("DELETE FROM erasures WHERE id = ?::uuid", erasure.toString());
    }

    @Test
    void stop_isQuiet_whileTheDatabaseIsAsked() throws SQLException {
        CarryOutErasures stopped = new CarryOutErasures(pool, steps, roles);
        try (LogLines log = LogLines.of(CarryOutErasures.class);
                Connection other = database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE erasures");
            stopped.start(new StartupEvent());
            await().atMost(PATIENCE).until(() -> database.number("""
                    SELECT count(*) FROM pg_stat_activity
                    WHERE wait_event_type = 'Lock' AND starts_with(query, 'UPDATE erasures SET due_at')
                    """) == 2); // the service's own, and this one

            stopped.stop(null);

            await().atMost(PATIENCE).until(() -> Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("erasures")).count() == 1);
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void longStep_keepsItsErasureFromOthers_untilItEnds() {
        accept("now() + interval '20 seconds'");
        ScheduledExecutorService renewals = LastingThreads.scheduler("test-lease");
        try {
            ErasureLease lease = new ErasureLease(pool, erasure, renewals);
            String first = dueAt();
            await().atMost(PATIENCE).until(this::dueAt, due -> !due.equals(first));

            lease.end();
            String last = dueAt();
            await().during(Duration.ofSeconds(6)).atMost(PATIENCE).until(this::dueAt, last::equals);
        } finally {
            renewals.shutdownNow();
        }
    }

    /// Whoever has been suspended for too long must not take it back.
    @Test
    void leaseThatIsOver_isNotRenewed() {
        accept("now() - interval '1 second'");
        ErasureStore.inOne(pool, store -> {
            store.renew(erasure, ErasureLease.TIME);
            return null;
        });

        assertThat(database.number("SELECT count(*) FROM erasures WHERE id = ?::uuid AND attempt = 0 "
                + "AND due_at > now()", erasure.toString())).isZero();
    }

    /// Nobody knows what the first attempt did before it was killed.
    @Test
    void outcomeAfterACrash_saysThatItIsNotAll() {
        database.execute("""
                WITH accepted AS (
                  INSERT INTO erasures (id, organization, customers, shared_customers, keep_at_provider, due_at,
                                        attempt)
                  VALUES (?::uuid, 'org-crashed', '{}', '{}', true, now(), 1) RETURNING id
                )
                INSERT INTO erasure_steps (erasure, position, step)
                SELECT id, number, step
                FROM accepted, unnest(ARRAY['billing rows', 'usage rows']) WITH ORDINALITY AS step (step, number)
                """, erasure.toString());

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(database.column(
                "SELECT outcome FROM erasure_steps WHERE erasure = ?::uuid ORDER BY position", erasure.toString()))
                .containsExactly("0 rows erased by attempt 2; what earlier ones did is not counted",
                        "0 rows erased"));
    }

    @Test
    void stepOfANewerRelease_isLeftToIt_andSaid() {
        accept("now()");

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(database.column(
                "SELECT coalesce(trouble, '') FROM erasures WHERE id = ?::uuid AND completed_at IS NULL",
                erasure.toString())).singleElement().asString().startsWith("This release does not know the step"));
        Erasure seen = ErasureStore.inOne(pool, store -> store.find(erasure).orElseThrow());
        assertThat(seen.trouble()).as("as the organization sees it").isEqualTo(Erasure.TROUBLE);
    }

    private void accept(String dueAt) {
        database.execute("""
                WITH added AS (
                  INSERT INTO erasures (id, organization, customers, shared_customers, keep_at_provider, due_at)
                  VALUES (?::uuid, 'org-' || gen_random_uuid(), '{}', '{}', true, %s) RETURNING id)
                INSERT INTO erasure_steps (erasure, position, step) SELECT id, 1, 'of a newer release' FROM added
                """.formatted(dueAt), erasure.toString());
    }

    private String dueAt() {
        return database.column("SELECT due_at FROM erasures WHERE id = ?::uuid", erasure.toString()).getFirst();
    }
}
