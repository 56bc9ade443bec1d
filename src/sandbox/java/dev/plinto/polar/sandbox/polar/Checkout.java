package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/// A checkout session; what else Polar sends with it follows from the product and is added by [Payloads].
final class Checkout {

    UUID id;
    Instant createdAt;
    Instant modifiedAt;
    String status;
    String clientSecret;
    Instant expiresAt;
    boolean trial;
    UUID productId;
    UUID customerId;
    UUID subscriptionId;
    String externalCustomerId;
    Map<String, String> metadata;
}
