package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.UUID;

/// A person inside a customer. Every customer has one with the role `owner`.
record Member(
        UUID id,
        Instant createdAt,
        Instant modifiedAt,
        UUID customerId,
        String email,
        String name,
        String externalId,
        String role) {

    static final String OWNER = "owner";
}
