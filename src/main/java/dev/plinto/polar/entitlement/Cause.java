package dev.plinto.polar.entitlement;

import java.time.Instant;
import java.util.Objects;

/// The event that caused a change, with its type, webhook id and Polar's timestamp.
public record Cause(String eventType, String webhookId, Instant timestamp) {

    public Cause {
        Objects.requireNonNull(eventType, "eventType");
        Objects.requireNonNull(webhookId, "webhookId");
        Objects.requireNonNull(timestamp, "timestamp");
    }
}
