package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// One attempt of Polar's to deliver an event, from its log.
///
/// @param webhookId      the event's, which all of its attempts have in common
/// @param isDone         empty while Polar goes on trying; else whether the event was delivered in the end
/// @param attemptedAt    when this attempt was made
/// @param succeeded      whether this attempt did
/// @param answered       with which status; empty where nobody answered
/// @param body           as it was and would be delivered; empty once Polar has archived it
public record Delivery(String webhookId, String type, Instant emittedAt, Optional<Boolean> isDone,
        Instant attemptedAt, boolean succeeded, Optional<Integer> answered, Optional<byte[]> body) {

    public Delivery {
        Objects.requireNonNull(webhookId, "webhookId");
        Objects.requireNonNull(emittedAt, "emittedAt");
    }

    static Delivery of(Payload delivery) {
        Payload event = delivery.object("webhook_event")
                .orElseThrow(() -> new Payload.Unreadable("webhook_event", "an object"));
        return new Delivery(event.requiredId("id"), event.text("type"), event.requiredTime("created_at"),
                Optional.ofNullable(event.bool("succeeded")),
                delivery.requiredTime("created_at"), Boolean.TRUE.equals(delivery.bool("succeeded")),
                Optional.ofNullable(delivery.integer("http_code")).map(Math::toIntExact),
                Optional.ofNullable(event.anyText("payload")).map(payload -> payload.getBytes(StandardCharsets.UTF_8)));
    }
}
