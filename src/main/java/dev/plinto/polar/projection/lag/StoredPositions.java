package dev.plinto.polar.projection.lag;

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

/// How far the raw topic is projected, for who must not wait long: where the database does not answer, what it said
/// last still counts, since without it nothing is projected. To be used by one thread.
final class StoredPositions {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration SILENCE = Duration.ofSeconds(30); // the connection is dead, and another is tried

    private final Pool pool;
    private CompletableFuture<RowSet<Row>> asked = CompletableFuture.completedFuture(null);
    private long askedAt;
    private Map<String, Map<Integer, Long>> known;

    StoredPositions(Pool pool) {
        this.pool = pool;
    }

    /// By topic id and partition, the offset to project next.
    ///
    /// @throws IllegalStateException where the database has never said it
    Map<String, Map<Integer, Long>> now() throws InterruptedException {
        if (asked.isDone() || System.nanoTime() - askedAt > SILENCE.toNanos()) { // one question at a time
            askedAt = System.nanoTime();
            asked = pool.query("SELECT topic_id, partition, next_offset FROM positions").execute()
                    .toCompletionStage().toCompletableFuture();
        }
        try {
            known = byTopic(asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException away) {
            if (known == null) {
                throw new IllegalStateException("the database does not say how far the raw topic is projected", away);
            }
        }
        return known;
    }

    private static Map<String, Map<Integer, Long>> byTopic(RowSet<Row> rows) {
        Map<String, Map<Integer, Long>> byTopic = new HashMap<>();
        rows.forEach(row -> byTopic.computeIfAbsent(row.getString(0), topic -> new HashMap<>())
                .put(row.getInteger(1), row.getLong(2)));
        return byTopic;
    }
}
