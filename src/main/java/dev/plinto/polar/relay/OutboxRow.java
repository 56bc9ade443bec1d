package dev.plinto.polar.relay;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A message that waits to be published.
///
/// @param value      null for a tombstone
/// @param receivedAt when this service received the event that caused it; null if an operator republished current state
record OutboxRow(long id, String topic, String key, Map<String, String> headers, byte @Nullable [] value,
        @Nullable Instant receivedAt) {

    /// Without the message and its headers.
    @Override
    public String toString() {
        return "OutboxRow[id=" + id + ", topic=" + topic + "]";
    }
}
