package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/// One event as Polar stores it: the body of every attempt to deliver it, byte for byte.
///
/// `webhookId` is a UUID and the same on each retry; `timestamp` is when Polar emitted the event, by Polar's clock.
public record WebhookEvent(String webhookId, String type, Instant timestamp, byte[] body) {

    public WebhookEvent {
        webhookId = UUID.fromString(webhookId).toString();
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(timestamp, "timestamp");
        body = body.clone();
    }

    @Override
    public byte[] body() {
        return body.clone();
    }
}
