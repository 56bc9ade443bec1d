package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// An endpoint to which Polar sends events of the selected types. As at Polar, the API returns its secret.
final class SimulatedEndpoint {

    UUID id;
    Instant createdAt;
    Instant modifiedAt;
    String url;
    String name;
    String apiVersion;
    String format = "raw";
    String secret;
    UUID organizationId;
    List<String> events;
    boolean enabled = true;
    boolean usesStandardWebhookSignature;

    /// Whether Polar creates an event of this type for this endpoint: it must be on and have selected the type.
    /// `subscription.migrated` is sent to endpoints of API version 2026-10 and later only; a type that only this
    /// simulation knows, to every endpoint.
    boolean accepts(String type) {
        boolean known = !type.equals("subscription.migrated") || apiVersion.compareTo("2026-10") >= 0;
        return enabled && known && (events.contains(type) || !Webhooks.ALL_TYPES.contains(type));
    }
}
