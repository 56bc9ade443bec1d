package dev.plinto.polar.projection;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.Topics;
import dev.plinto.polar.telemetry.LastingThreads;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The right to publish all state again, which one replica has at a time, and which it uses only while the outbox is
/// short. PostgreSQL ends it with its connection, which is never silent, however long a transaction takes meanwhile.
final class RepublishTurn implements AutoCloseable {

    /// About what the relay publishes in one transaction.
    private static final int FULL_ROWS = 500;
    private static final int FULL_BYTES = 4 * 1024 * 1024;
    private static final Duration PAUSE = Duration.ofMillis(20);
    /// Shorter than any `POLAR_DATABASE_SILENCE`, after which the connection would be closed.
    private static final Duration SILENCE = Duration.ofSeconds(1);

    private static final String LOCK = "hashtext('plinto-polar republish')";
    /// Messages that are too large for a topic stay in the outbox.
    private static final String WAITING = """
            SELECT count(*), coalesce(sum(octet_length(value)), 0), min(id) FROM (
              SELECT id, value FROM outbox WHERE value IS NULL OR octet_length(value) <= $1 ORDER BY id LIMIT $2
            ) AS waiting
            """;

    private final SqlConnection connection;
    private final InstantSource clock;
    private final Duration patience;
    private final ScheduledExecutorService keepingAlive = LastingThreads.scheduler("republish");

    private record Waiting(long rows, long bytes, @Nullable Long lowestId) {

        boolean isFull() {
            return rows >= FULL_ROWS || bytes >= FULL_BYTES;
        }
    }

    private RepublishTurn(SqlConnection connection, InstantSource clock, Duration patience) {
        this.connection = connection;
        this.clock = clock;
        this.patience = patience;
        keepingAlive.scheduleAtFixedRate(() -> connection.query("SELECT 1").execute(), SILENCE.toMillis(),
                SILENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Empty while another replica or request has it.
    static Optional<RepublishTurn> take(Pool pool, InstantSource clock, Duration patience) {
        SqlConnection connection = await(pool.getConnection());
        boolean taken = false;
        try {
            taken = first(connection.query("SELECT pg_try_advisory_lock(" + LOCK + ")").execute()).getBoolean(0);
        } finally {
            if (!taken) {
                connection.close();
            }
        }
        return taken ? Optional.of(new RepublishTurn(connection, clock, patience)) : Optional.empty();
    }

    /// Waits while the outbox is full; false if the relay then publishes nothing.
    boolean awaitSpace() throws InterruptedException {
        Waiting waiting = waiting();
        Instant progress = clock.instant();
        while (waiting.isFull()) {
            if (progress.plus(patience).isBefore(clock.instant())) {
                return false;
            }
            Thread.sleep(PAUSE);
            Waiting now = waiting();
            if (now.lowestId == null || !now.lowestId.equals(waiting.lowestId)) {
                progress = clock.instant();
            }
            waiting = now;
        }
        return true;
    }

    @Override
    public void close() {
        keepingAlive.shutdownNow();
        Future<?> unlocked = connection.query("SELECT pg_advisory_unlock(" + LOCK + ")").execute()
                .onComplete(answered -> connection.close());
        try {
            await(unlocked);
        } catch (RuntimeException connectionLost) {
            // PostgreSQL has released the lock, or will when it notices
        }
    }

    private Waiting waiting() {
        Row row = first(connection.preparedQuery(WAITING).execute(Tuple.of(Topics.LARGEST_CHANGE_VALUE, FULL_ROWS)));
        return new Waiting(row.getLong(0), row.getLong(1), row.getLong(2));
    }

    private static Row first(Future<? extends Iterable<Row>> rows) {
        return await(rows).iterator().next();
    }
}
