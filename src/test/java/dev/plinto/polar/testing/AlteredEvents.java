package dev.plinto.polar.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/// Polar's events as they may be one day, or as they have been by mistake.
final class AlteredEvents {

    private static final ObjectMapper JSON = new ObjectMapper();

    static WebhookEvent withFutureField(WebhookEvent event) {
        ObjectNode json = json(event);
        ((ObjectNode) json.get("data")).putObject("aura").put("colour", "violet");
        return new WebhookEvent(event.webhookId(), event.type(), event.timestamp(), bytes(json));
    }

    static WebhookEvent ofFutureType(WebhookEvent event) {
        ObjectNode json = json(event);
        json.put("type", Lifecycle.FUTURE_TYPE);
        return new WebhookEvent(UUID.nameUUIDFromBytes(event.body()).toString(), Lifecycle.FUTURE_TYPE,
                event.timestamp(), bytes(json));
    }

    /// A statement of the same moment that has lost the `external_id`; empty if the customer has none or is deleted.
    static Optional<WebhookEvent> withoutLink(WebhookEvent event) {
        ObjectNode json = json(event);
        ObjectNode customer = (ObjectNode) json.get("data");
        if (!customer.path("deleted_at").isNull() || customer.path("external_id").isNull()) {
            return Optional.empty();
        }
        customer.putNull("external_id");
        return Optional.of(new WebhookEvent(UUID.nameUUIDFromBytes(bytes(json)).toString(), event.type(),
                event.timestamp(), bytes(json)));
    }

    static ObjectNode json(WebhookEvent event) {
        try {
            return (ObjectNode) JSON.readTree(event.body());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static byte[] bytes(ObjectNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private AlteredEvents() {}
}
