package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.Payload;
import java.util.Set;

/// Where Polar delivers to, as its API tells it. Polar also tells the secret, in clear; it is never read.
///
/// @param apiVersion null where Polar does not say
/// @param events     the types of events that are delivered there
public record WebhookEndpoint(String id, String url, String apiVersion, boolean isRaw, boolean isEnabled,
        Set<String> events) {

    public WebhookEndpoint {
        events = Set.copyOf(events);
    }

    /// The same, switched on.
    public WebhookEndpoint on() {
        return new WebhookEndpoint(id, url, apiVersion, isRaw, true, events);
    }

    static WebhookEndpoint of(Payload endpoint) {
        return new WebhookEndpoint(endpoint.requiredId("id"), endpoint.text("url"), endpoint.text("api_version"),
                "raw".equals(endpoint.text("format")), Boolean.TRUE.equals(endpoint.bool("enabled")),
                Set.copyOf(endpoint.texts("events")));
    }
}
