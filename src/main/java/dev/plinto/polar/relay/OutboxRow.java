package dev.plinto.polar.relay;

import java.time.Instant;
import java.util.Map;

/// A message that waits to be published. `value` is null for a tombstone; `receivedAt`, when this service took in what
/// caused it, is null where nothing was received (current state published again).
record OutboxRow(long id, String topic, String key, Map<String, String> headers, byte[] value, Instant receivedAt) {}
