package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/// A refund of an order; amounts in cents.
record Refund(
        UUID id,
        Instant createdAt,
        Instant modifiedAt,
        Map<String, Object> metadata,
        String status,
        String reason,
        int amount,
        int taxAmount,
        String currency,
        UUID organizationId,
        UUID orderId,
        UUID subscriptionId,
        UUID customerId,
        boolean revokeBenefits,
        String dispute) {

    Refund succeeded(Instant at) {
        return new Refund(
                id, createdAt, at, metadata, "succeeded", reason, amount, taxAmount, currency, organizationId, orderId,
                subscriptionId, customerId, revokeBenefits, dispute);
    }
}
