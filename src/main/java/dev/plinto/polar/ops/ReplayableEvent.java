package dev.plinto.polar.ops;

import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// A stored event, as it was received.
///
/// @param body    empty if it is no longer kept
/// @param ownType what its record stated, if this service made the event; empty for a delivery
record ReplayableEvent(Cursor cursor, Optional<byte[]> body, Optional<String> ownType) {

    ReplayableEvent {
        Objects.requireNonNull(cursor, "cursor");
        Objects.requireNonNull(body, "body");
        Objects.requireNonNull(ownType, "ownType");
    }

    /// From the columns received_at, webhook_id, body, own_type.
    static ReplayableEvent of(Row row) {
        return new ReplayableEvent(new Cursor(row.getOffsetDateTime(0).toInstant(), row.getString(1)),
                Optional.ofNullable(row.getBuffer(2)).map(Buffer::getBytes), Optional.ofNullable(row.getString(3)));
    }

    String webhookId() {
        return cursor.webhookId();
    }

    Instant receivedAt() {
        return cursor.receivedAt();
    }
}
