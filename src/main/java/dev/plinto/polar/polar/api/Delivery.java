package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One attempt of Polar to deliver an event, from Polar's log.
///
/// @param webhookId      the event's, the same in all of its attempts
/// @param isDone         empty while Polar retries; else whether the event was delivered in the end
/// @param attemptedAt    when this attempt was made
/// @param succeeded      whether this attempt succeeded
/// @param answered       the status of the answer; empty if there was none
/// @param body           the same in every attempt; empty once Polar has archived it
public record Delivery(String webhookId, @Nullable String type, Instant emittedAt, Optional<Boolean> isDone,
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
                Optional.ofNullable(delivery.smallInteger("http_code")),
                Optional.ofNullable(event.anyText("payload")).map(payload -> payload.getBytes(StandardCharsets.UTF_8)));
    }
}
