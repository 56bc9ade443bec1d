package dev.plinto.polar.projection;

import static dev.plinto.polar.projection.Transactions.await;

import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The messages of one transaction, in the order of their causes: kept in the history, and left for the relay, which is
/// woken by the commit.
final class Outbox {

    private final List<ChangeMessage> messages = new ArrayList<>();
    private final List<Instant> receivedAt = new ArrayList<>();

    void add(ChangeMessage message, Instant causeReceivedAt) {
        messages.add(message);
        receivedAt.add(causeReceivedAt);
    }

    void save(SqlConnection transaction, Instant now) {
        if (messages.isEmpty()) {
            return;
        }
        await(transaction.preparedQuery("""
                INSERT INTO history (topic, key, version, account, decided_at, cause_type, cause_webhook_id, state)
                SELECT topic, key, version, account, $7, cause_type, cause_webhook_id, state::json
                FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $8::text[])
                  AS told (topic, key, version, account, cause_type, cause_webhook_id, state)
                """)
                .execute(Tuple.tuple()
                        .addValue(texts(ChangeMessage::topic))
                        .addValue(texts(ChangeMessage::key))
                        .addValue(messages.stream().map(ChangeMessage::version).toArray(Long[]::new))
                        .addValue(texts(message -> message.account().value()))
                        .addValue(texts(message -> message.cause().eventType()))
                        .addValue(texts(message -> message.cause().webhookId()))
                        .addValue(FieldColumn.offset(now))
                        .addValue(texts(ChangeMessage::json))));
        await(transaction.preparedQuery("""
                INSERT INTO outbox (topic, key, headers, value, received_at)
                SELECT topic, key, headers::json, value, received_at
                FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::timestamptz[])
                  WITH ORDINALITY AS told (topic, key, headers, value, received_at, place)
                ORDER BY place
                """)
                .execute(Tuple.of(
                        texts(ChangeMessage::topic),
                        texts(ChangeMessage::key),
                        texts(message -> FieldColumn.json(message.headers())),
                        messages.stream()
                                .map(message -> Buffer.buffer(message.json().getBytes(StandardCharsets.UTF_8)))
                                .toArray(Buffer[]::new),
                        FieldColumn.times(receivedAt.stream()))));
        await(transaction.query("NOTIFY outbox").execute());
    }

    private String[] texts(Function<ChangeMessage, String> text) {
        return messages.stream().map(text).toArray(String[]::new);
    }
}
