package dev.plinto.polar.ops;

import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// An event as it was received, from the database.
///
/// @param body       empty where it is kept no longer
/// @param isSnapshot whether reconciliation made it
record ReplayableEvent(Cursor cursor, Optional<byte[]> body, boolean isSnapshot) {

    ReplayableEvent {
        Objects.requireNonNull(cursor, "cursor");
        Objects.requireNonNull(body, "body");
    }

    /// From a row of received_at, webhook_id, body, and whether it is a snapshot of reconciliation.
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
