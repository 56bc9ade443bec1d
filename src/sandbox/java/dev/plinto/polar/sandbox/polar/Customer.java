package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/// A customer of the simulated Polar.
final class Customer {

    UUID id;
    Instant createdAt;
    Instant modifiedAt;
    Map<String, Object> metadata;
    String externalId;
    String email;
    boolean emailVerified;
    String type = "individual";
    String name;
    String billingName;
    Address billingAddress;
    Object[] taxId;
    String locale = "en-GB";
    /// The merchant, as in all of Polar's payloads.
    UUID organizationId;
    UUID defaultPaymentMethodId;
    Instant deletedAt;
    Instant firstUserEventAt;
    String avatarUrl;

    record Address(String line1, String line2, String postalCode, String city, String state, String country) {}
}
