package dev.plinto.polar.entitlement;

import java.time.Instant;
import java.util.Objects;

/// Which of Polar's events made something change, and when Polar said it.
public record Cause(String eventType, String webhookId, Instant timestamp) {

    public Cause {
        Objects.requireNonNull(eventType, "eventType");
        Objects.requireNonNull(webhookId, "webhookId");
        Objects.requireNonNull(timestamp, "timestamp");
    }
}
