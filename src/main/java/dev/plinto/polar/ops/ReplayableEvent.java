package dev.plinto.polar.ops;

import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// A stored event, as it was received.
///
/// @param body       empty if it is no longer kept
/// @param isSnapshot whether reconciliation made the event
record ReplayableEvent(Cursor cursor, Optional<byte[]> body, boolean isSnapshot) {

    ReplayableEvent {
        Objects.requireNonNull(cursor, "cursor");
        Objects.requireNonNull(body, "body");
    }

    /// From the columns received_at, webhook_id, body, and whether the event is a snapshot.
    static ReplayableEvent of(Row row) {
        return new ReplayableEvent(new Cursor(row.getOffsetDateTime(0).toInstant(), row.getString(1)),
                Optional.ofNullable(row.getBuffer(2)).map(Buffer::getBytes), row.getBoolean(3));
    }

    String webhookId() {
        return cursor.webhookId();
    }

    Instant receivedAt() {
        return cursor.receivedAt();
    }
}
