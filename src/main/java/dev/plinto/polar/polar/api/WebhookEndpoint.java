package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.Payload;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An endpoint as Polar has it configured. Polar's answer contains the secret too, in clear; it is never read.
///
/// @param merchant   the organization at Polar that it belongs to; null if Polar does not state it
/// @param apiVersion null if Polar does not state it
/// @param events     the event types that Polar delivers to it
public record WebhookEndpoint(String id, @Nullable String merchant, @Nullable String url, @Nullable String apiVersion,
        boolean isRaw,
        boolean isEnabled,
        Set<String> events) {

    public WebhookEndpoint {
        events = Set.copyOf(events);
    }

    /// The same endpoint, enabled.
    public WebhookEndpoint on() {
        return new WebhookEndpoint(id, merchant, url, apiVersion, isRaw, true, events);
    }

    static WebhookEndpoint of(Payload endpoint) {
        return new WebhookEndpoint(endpoint.requiredId("id"), endpoint.text("organization_id"), endpoint.text("url"),
                endpoint.text("api_version"),
                "raw".equals(endpoint.text("format")), Boolean.TRUE.equals(endpoint.bool("enabled")),
                Set.copyOf(endpoint.texts("events")));
    }
}
