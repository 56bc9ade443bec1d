package dev.plinto.polar.projection;

import dev.plinto.polar.HeaderNames;
import dev.plinto.polar.Topics;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The messages of one transaction: stored in the outbox, whose relay the commit wakes, and in the history.
final class Outbox {

    private final List<Message> messages = new ArrayList<>();

    /// @param trace      null if it is part of no trace
    /// @param receivedAt  of the first event that had a part in it; null if the message is published again
    /// @param isTombstone whether it is a record without a value
    private record Message(ChangeMessage change, @Nullable String trace, @Nullable Instant receivedAt,
            boolean isInHistory, boolean isTombstone) {

        @Nullable
        Buffer value() {
            return isTombstone ? null : Buffer.buffer(change.json().getBytes(StandardCharsets.UTF_8));
        }

        Map<String, String> headers() {
            Map<String, String> headers = change.headers();
            if (trace != null) {
                headers.put(HeaderNames.TRACEPARENT, trace);
            }
            return headers;
        }
    }

    /// @param cause       the last event that had a part in it
    /// @param receivedAt  when the first of them was received
    /// @param isInHistory whether the history gets it too
    void add(ChangeMessage change, ReceivedEvent cause, Instant receivedAt, boolean isInHistory) {
        messages.add(new Message(change, cause.trace().isOn() ? cause.trace().context() : null, receivedAt,
                isInHistory, false));
    }

    /// Adds a message that tells the current state again. One that no topic takes stays in the outbox until it is
    /// deleted by hand, so it is not added beside another one of its key.
    ///
    /// @param isInHistory whether the history gets it too
    void addRepublished(ChangeMessage change, boolean isInHistory) {
        messages.add(new Message(change, null, null, isInHistory, false));
    }

    /// Ends what the topic tells of the key. The history does not get it: nothing was decided anew.
    void addTombstone(ChangeMessage change) {
        messages.add(new Message(change, null, null, false, true));
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    void saveWithHistory(OpenTransaction transaction, Instant now) {
        List<ChangeMessage> history = messages.stream().filter(Message::isInHistory).map(Message::change).toList();
        if (!history.isEmpty()) {
            saveHistory(transaction, history, now);
        }
        save(transaction);
    }

    private static void saveHistory(OpenTransaction transaction, List<ChangeMessage> history, Instant now) {
        transaction.send("""
                INSERT INTO history (topic, key, version, account, decided_at, cause_type, cause_webhook_id, state)
                SELECT topic, key, version, account, $7, cause_type, cause_webhook_id, state::json
                FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $8::text[])
                  AS message (topic, key, version, account, cause_type, cause_webhook_id, state)
                """, Tuple.tuple()
                .addValue(texts(history, ChangeMessage::topic))
                .addValue(texts(history, ChangeMessage::key))
                .addValue(history.stream().map(ChangeMessage::version).toArray(Long[]::new))
                .addValue(texts(history, change -> change.account().value()))
                .addValue(texts(history, change -> change.cause().eventType()))
                .addValue(texts(history, change -> change.cause().webhookId()))
                .addValue(FieldColumn.offset(now))
                .addValue(texts(history, ChangeMessage::json)));
    }

    private void save(OpenTransaction transaction) {
        if (messages.isEmpty()) {
            return;
        }
        List<ChangeMessage> changes = messages.stream().map(Message::change).toList();
        transaction.send("""
                INSERT INTO outbox (topic, key, headers, value, received_at)
                SELECT topic, key, headers::json, value, received_at
                FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::timestamptz[])
                  WITH ORDINALITY AS message (topic, key, headers, value, received_at, place)
                WHERE received_at IS NOT NULL OR coalesce(octet_length(value), 0) <= $6 OR NOT EXISTS (
                  SELECT FROM outbox AS kept WHERE kept.topic = message.topic AND kept.key = message.key
                    AND octet_length(kept.value) > $6)
                ORDER BY place
                """, Tuple.of(
                texts(changes, ChangeMessage::topic),
                texts(changes, ChangeMessage::key),
                messages.stream().map(message -> FieldColumn.json(message.headers())).toArray(String[]::new),
                messages.stream().map(Message::value).toArray(Buffer[]::new),
                FieldColumn.times(messages.stream().map(Message::receivedAt)),
                Topics.LARGEST_CHANGE_VALUE));
        transaction.send("NOTIFY outbox");
    }

    private static String[] texts(List<ChangeMessage> messages, Function<ChangeMessage, String> text) {
        return messages.stream().map(text).toArray(String[]::new);
    }
}
