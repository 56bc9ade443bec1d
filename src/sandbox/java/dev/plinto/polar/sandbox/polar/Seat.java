package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/// A seat of a subscription, which its buyer may assign to a person. `customerId` is the buyer, `memberId` the person.
final class Seat {

    static final String PENDING = "pending";
    static final String CLAIMED = "claimed";
    static final String REVOKED = "revoked";

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
    /// The secret of its invitation, which is not sent.
    String invitationToken;
    Instant invitationTokenExpiresAt;
    Instant claimedAt;
    Instant revokedAt;
    Map<String, Object> seatMetadata = Map.of();

    /// Assigned to a person, who has claimed it or not.
    boolean isTaken() {
        return !REVOKED.equals(status);
    }
}
