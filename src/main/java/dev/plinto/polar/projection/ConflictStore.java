package dev.plinto.polar.projection;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Keeps the bodies of conflicts, for people: each other body of a webhook id once, and few of them.
final class ConflictStore {

    static final int BODIES_PER_ID = 5;

    static void save(OpenTransaction transaction, Collection<ReceivedEvent> conflicts, Instant now) {
        if (conflicts.isEmpty()) {
            return;
        }
        List<ReceivedEvent> distinct = distinct(conflicts);
        transaction.send("""
                INSERT INTO conflicts (stored_at, webhook_id, type, received_at, origin, body, body_sha256)
                SELECT $1, webhook_id, type, received_at, origin, body, sha256(body) AS body_sha256
                FROM (SELECT event.*, row_number() OVER (PARTITION BY webhook_id ORDER BY number) AS nth
                      FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::bytea[])
                             WITH ORDINALITY AS event (webhook_id, type, received_at, origin, body, number)
                     ) AS event
                WHERE nth + (SELECT count(*) FROM conflicts WHERE conflicts.webhook_id = event.webhook_id) <= $7
                ORDER BY webhook_id, body_sha256
                ON CONFLICT DO NOTHING
                """, Tuple.tuple()
                .addValue(FieldColumn.offset(now))
                .addValue(texts(distinct, ReceivedEvent::webhookId))
                .addValue(texts(distinct, ReceivedEvent::type))
                .addValue(FieldColumn.times(distinct.stream().map(ReceivedEvent::receivedAt)))
                .addValue(texts(distinct, ReceivedEvent::origin))
                .addValue(distinct.stream().map(event -> Buffer.buffer(event.body())).toArray(Buffer[]::new))
                .addValue(BODIES_PER_ID));
    }

    private static List<ReceivedEvent> distinct(Collection<ReceivedEvent> conflicts) {
        Map<List<Object>, ReceivedEvent> distinct = new LinkedHashMap<>();
        conflicts.forEach(event -> distinct.putIfAbsent(
                List.of(event.webhookId(), ByteBuffer.wrap(event.body())), event));
        return distinct.values().stream().sorted(Comparator.comparing(ReceivedEvent::webhookId)).toList();
    }

    private static String[] texts(List<ReceivedEvent> events, Function<ReceivedEvent, @Nullable String> text) {
        return events.stream().map(text).toArray(String[]::new);
    }

    private ConflictStore() {}
}
