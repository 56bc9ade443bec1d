package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.UUID;

/// One attempt to deliver an event, as Polar's log has it. `httpCode` is null where no answer came; `response` is then
/// why not.
record StoredDelivery(
        UUID id,
        Instant createdAt,
        Instant modifiedAt,
        boolean succeeded,
        Integer httpCode,
        String response,
        UUID eventId) {}
