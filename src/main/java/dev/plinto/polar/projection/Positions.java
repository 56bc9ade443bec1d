package dev.plinto.polar.projection;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.postgres.Statements;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.Map;

/// How far each partition of the raw topic is projected. Stored in the transaction of the projected events, so that a
/// restored database has the positions from which to read again.
///
/// @param next the offset to read next, by partition
record Positions(String topicId, Map<Integer, Long> next) {

    void save(OpenTransaction transaction) {
        transaction.send("""
                INSERT INTO positions (topic_id, partition, next_offset)
                SELECT $1, * FROM unnest($2::int[], $3::bigint[]) AS saved (partition, next_offset) ORDER BY partition
                ON CONFLICT (topic_id, partition) DO UPDATE
                SET next_offset = greatest(positions.next_offset, excluded.next_offset)
                """, Tuple.of(topicId, next.keySet().toArray(Integer[]::new), next.values().toArray(Long[]::new)));
    }

    /// Deletes the stored position, so that a lower one can be stored.
    void forget(Pool pool, int partition) {
        await(Statements.execute(pool, "DELETE FROM positions WHERE topic_id = $1 AND partition = $2",
                Tuple.of(topicId, partition)));
    }

    static Positions load(Pool pool, String topicId) {
        Map<Integer, Long> next = new HashMap<>();
        await(Statements.execute(pool, "SELECT partition, next_offset FROM positions WHERE topic_id = $1",
                Tuple.of(topicId)))
                .forEach(row -> next.put(row.getInteger(0), row.getLong(1)));
        return new Positions(topicId, next);
    }
}
