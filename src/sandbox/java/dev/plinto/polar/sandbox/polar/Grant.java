package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/// A benefit grant: one benefit for one customer, from one subscription, one order, or neither (granted manually).
final class Grant {

    UUID id;
    Instant createdAt;
    Instant modifiedAt;
    Instant grantedAt;
    boolean isGranted;
    Instant revokedAt;
    boolean isRevoked;
    UUID subscriptionId;
    UUID orderId;
    UUID customerId;
    UUID memberId;
    UUID benefitId;
    Failure error;
    Map<String, Object> properties = Map.of();
    Map<String, Object> previousProperties = Map.of();

    boolean isFor(UUID customer, UUID subscription, UUID order) {
        return customerId.equals(customer)
                && Objects.equals(subscriptionId, subscription)
                && Objects.equals(orderId, order);
    }

    /// Why a grant waits for the customer, for example for an account elsewhere that must be connected first.
    record Failure(String message, String type, Instant timestamp) {}
}
