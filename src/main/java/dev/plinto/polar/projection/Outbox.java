package dev.plinto.polar.projection;

import dev.plinto.polar.HeaderNames;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The messages of one transaction, in the order of their causes: stored in the history and in the outbox, whose relay
/// the commit wakes.
final class Outbox {

    private final List<Message> messages = new ArrayList<>();

    /// @param cause null if the message is published again, without a new cause
    private record Message(ChangeMessage change, @Nullable ReceivedEvent cause) {

        @Nullable
        Instant causeReceivedAt() {
            return cause == null ? null : cause.receivedAt();
        }

        Map<String, String> headers() {
            Map<String, String> headers = change.headers();
            if (cause != null && cause.trace().isOn()) {
                headers.put(HeaderNames.TRACEPARENT, cause.trace().context());
            }
            return headers;
        }
    }

    void add(ChangeMessage change, ReceivedEvent cause) {
        messages.add(new Message(change, cause));
    }

    /// Adds a message that was published before, unchanged.
    void addRepublished(ChangeMessage change) {
        messages.add(new Message(change, null));
    }

    void saveWithHistory(OpenTransaction transaction, Instant now) {
        if (messages.isEmpty()) {
            return;
        }
        transaction.send("""
                INSERT INTO history (topic, key, version, account, decided_at, cause_type, cause_webhook_id, state)
                SELECT topic, key, version, account, $7, cause_type, cause_webhook_id, state::json
                FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $8::text[])
                  AS message (topic, key, version, account, cause_type, cause_webhook_id, state)
                """, Tuple.tuple()
                .addValue(texts(ChangeMessage::topic))
                .addValue(texts(ChangeMessage::key))
                .addValue(messages.stream().map(message -> message.change.version()).toArray(Long[]::new))
                .addValue(texts(change -> change.account().value()))
                .addValue(texts(change -> change.cause().eventType()))
                .addValue(texts(change -> change.cause().webhookId()))
                .addValue(FieldColumn.offset(now))
                .addValue(texts(ChangeMessage::json)));
        save(transaction);
    }

    void save(OpenTransaction transaction) {
        transaction.send("""
                INSERT INTO outbox (topic, key, headers, value, received_at)
                SELECT topic, key, headers::json, value, received_at
                FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::timestamptz[])
                  WITH ORDINALITY AS message (topic, key, headers, value, received_at, place)
                ORDER BY place
                """, Tuple.of(
                texts(ChangeMessage::topic),
                texts(ChangeMessage::key),
                messages.stream().map(message -> FieldColumn.json(message.headers())).toArray(String[]::new),
                messages.stream()
                        .map(message -> Buffer.buffer(message.change.json().getBytes(StandardCharsets.UTF_8)))
                        .toArray(Buffer[]::new),
                FieldColumn.times(messages.stream().map(Message::causeReceivedAt))));
        transaction.send("NOTIFY outbox");
    }

    private String[] texts(Function<ChangeMessage, String> text) {
        return messages.stream().map(message -> text.apply(message.change)).toArray(String[]::new);
    }
}
