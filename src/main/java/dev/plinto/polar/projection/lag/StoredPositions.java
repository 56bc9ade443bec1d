package dev.plinto.polar.projection.lag;

import dev.plinto.polar.postgres.Answers;
import dev.plinto.polar.postgres.Statements;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Reads how far the raw topic is projected, without waiting long: if the database does not answer, the last known
/// positions still hold, since without it nothing is projected. Not thread-safe.
final class StoredPositions {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Pool pool;
    private CompletableFuture<RowSet<Row>> query = CompletableFuture.completedFuture(null);
    private long sentNanos;
    private @Nullable Map<String, Map<Integer, Long>> last;

    StoredPositions(Pool pool) {
        this.pool = pool;
    }

    /// The offset to project next, by topic id and partition.
    ///
    /// @throws IllegalStateException if the database has not answered yet
    Map<String, Map<Integer, Long>> read() throws InterruptedException {
        if (query.isDone() || System.nanoTime() - sentNanos > Answers.LONGEST.toNanos()) { // one query at a time
            sentNanos = System.nanoTime();
            query = Statements.execute(pool, "SELECT topic_id, partition, next_offset FROM positions")
                    .toCompletionStage().toCompletableFuture();
        }
        Map<String, Map<Integer, Long>> positions = last;
        try {
            positions = byTopic(query.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
            last = positions;
        } catch (ExecutionException | TimeoutException away) {
            if (positions == null) {
                throw new IllegalStateException("cannot read from the database how far the raw topic is projected",
                        away);
            }
        }
        return positions;
    }

    private static Map<String, Map<Integer, Long>> byTopic(RowSet<Row> rows) {
        Map<String, Map<Integer, Long>> byTopic = new HashMap<>();
        rows.forEach(row -> byTopic.computeIfAbsent(row.getString(0), topic -> new HashMap<>())
                .put(row.getInteger(1), row.getLong(2)));
        return byTopic;
    }
}
