package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/// A checkout session. [Payloads] adds the other fields that Polar sends, which follow from the product.
final class Checkout {

    UUID id;
    Instant createdAt;
    Instant modifiedAt;
    String status;
    String clientSecret;
    Instant expiresAt;
    boolean trial;
    Integer seats;
    UUID productId;
    UUID customerId;
    UUID subscriptionId;
    String externalCustomerId;
    Map<String, Object> metadata;
}
