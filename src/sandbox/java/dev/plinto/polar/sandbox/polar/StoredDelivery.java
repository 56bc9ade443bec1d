package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.UUID;

/// One attempt to deliver an event, as in Polar's log. `httpCode` is null if no answer came; `response` is then the
/// reason.
record StoredDelivery(
        UUID id,
        Instant createdAt,
        Instant modifiedAt,
        boolean succeeded,
        Integer httpCode,
        String response,
        UUID eventId) {}
