package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.UUID;

/// Gives a member of a customer access to Polar's portal, for an hour.
record CustomerSession(
        UUID id,
        Instant createdAt,
        Instant modifiedAt,
        String token,
        Instant expiresAt,
        String returnUrl,
        UUID customerId,
        UUID memberId) {}
