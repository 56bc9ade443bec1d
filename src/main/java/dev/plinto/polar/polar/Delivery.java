package dev.plinto.polar.polar;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// One attempt of Polar's to deliver an event, from its log.
///
/// @param webhookId      the event's, which all of its attempts have in common
/// @param isDone         empty while Polar goes on trying; else whether the event was delivered in the end
/// @param body           as it was and would be delivered; empty once Polar has archived it
public record Delivery(String webhookId, String type, Instant emittedAt, Optional<Boolean> isDone,
        Optional<byte[]> body) {

    public Delivery {
        Objects.requireNonNull(webhookId, "webhookId");
        Objects.requireNonNull(emittedAt, "emittedAt");
    }

    static Delivery of(Payload delivery) {
        Payload event = delivery.object("webhook_event")
                .orElseThrow(() -> new Payload.Unreadable("webhook_event", "an object"));
        return new Delivery(event.requiredId("id"), event.text("type"), event.requiredTime("created_at"),
                Optional.ofNullable(event.bool("succeeded")),
                Optional.ofNullable(event.anyText("payload")).map(payload -> payload.getBytes(StandardCharsets.UTF_8)));
    }
}
