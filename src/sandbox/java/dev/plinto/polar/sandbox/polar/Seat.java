package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/// A seat of a subscription, which its buyer may assign to a person.
final class Seat {

    UUID id;
    Instant createdAt;
    Instant modifiedAt;
    UUID subscriptionId;
    UUID orderId;
    String status;
    UUID customerId;
    UUID memberId;
    String email;
    String customerEmail;
    Instant invitationTokenExpiresAt;
    Instant claimedAt;
    Instant revokedAt;
    Map<String, String> seatMetadata = Map.of();
}
