package dev.plinto.polar.relay;

import static dev.plinto.polar.postgres.Answers.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.Topics;
import dev.plinto.polar.postgres.Statements;
import dev.plinto.polar.postgres.Timestamps;
import dev.plinto.polar.telemetry.MaskedAddress;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/// The table `outbox`.
@ApplicationScoped
class OutboxStore {

    static final Duration QUERY_TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_BATCH_BYTES = 4 * 1024 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Pool pool;

    OutboxStore(Pool pool) {
        this.pool = pool;
    }

    /// At most 4 MB, since they are held in memory, but at least one. Always starts at the lowest id, not after the
    /// last one read: a transaction that took lower ids may commit later.
    List<OutboxRow> oldest(int limit) {
        return StreamSupport.stream(await(Statements.execute(pool, """
                        WITH next AS MATERIALIZED (
                          SELECT id, coalesce(octet_length(value), 0) AS bytes FROM outbox
                          WHERE value IS NULL OR octet_length(value) <= $2 ORDER BY id LIMIT $1),
                        sized AS (SELECT id, bytes, sum(bytes) OVER (ORDER BY id) AS sum FROM next)
                        SELECT id, topic, key, headers::text, value, received_at FROM outbox
                        WHERE id = ANY (ARRAY(SELECT id FROM sized WHERE sum <= $3 OR sum = bytes)) ORDER BY id
                        """, Tuple.of(limit, Topics.LARGEST_CHANGE_VALUE, MAX_BATCH_BYTES)), QUERY_TIMEOUT)
                .spliterator(), false)
                .map(OutboxStore::row)
                .toList();
    }

    /// Messages that no topic takes. They stay, so that nothing is lost, and block no others; the next smaller message
    /// of their key supersedes them.
    List<String> tooLarge() {
        return StreamSupport.stream(await(Statements.execute(pool, """
                        SELECT topic, key, octet_length(value) FROM outbox
                        WHERE octet_length(value) > $1 ORDER BY id
                        """, Tuple.of(Topics.LARGEST_CHANGE_VALUE)), QUERY_TIMEOUT).spliterator(), false)
                .map(row -> "%s %s (%d bytes)".formatted(row.getString(0), MaskedAddress.of(row.getString(1)),
                        row.getInteger(2)))
                .toList();
    }

    /// Those of the rows that still exist, without their values.
    List<OutboxRow> rows(List<Long> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        return StreamSupport.stream(await(Statements.execute(pool, """
                        SELECT id, topic, key, headers::text, NULL::bytea, received_at FROM outbox
                        WHERE id = ANY ($1) ORDER BY id
                        """, Tuple.of(ids.toArray(Long[]::new))), QUERY_TIMEOUT).spliterator(), false)
                .map(OutboxStore::row)
                .toList();
    }

    void remove(List<Long> ids) {
        if (!ids.isEmpty()) {
            await(Statements.execute(pool, "DELETE FROM outbox WHERE id = ANY ($1)",
                    Tuple.of(ids.toArray(Long[]::new))), QUERY_TIMEOUT);
        }
    }

    private static OutboxRow row(Row row) {
        Buffer value = row.getBuffer(4);
        return new OutboxRow(row.getLong(0), row.getString(1), row.getString(2), headers(row.getString(3)),
                value == null ? null : value.getBytes(), Timestamps.toInstant(row.getOffsetDateTime(5)));
    }

    private static Map<String, String> headers(String json) {
        try {
            return JSON.readValue(json, new TypeReference<Map<String, String>>() {});
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException("an outbox row has headers that are not a JSON object of strings", corrupt);
        }
    }
}
