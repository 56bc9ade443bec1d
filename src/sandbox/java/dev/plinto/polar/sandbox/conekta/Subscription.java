package dev.plinto.polar.sandbox.conekta;

import java.time.Instant;

/// A plan that a customer pays again and again. After a cancellation, and while a payment is due, the cycle stays the
/// last one that was paid.
final class Subscription {

    final String id;
    final String customerId;
    final Instant createdAt;
    Plan plan;
    String cardId;
    SubscriptionStatus status;
    Instant billingCycleStart;
    Instant billingCycleEnd;
    Instant trialStart;
    Instant trialEnd;
    Instant canceledAt;
    String canceledReason;
    Instant pausedAt;
    String chargeId;
    String lastBillingCycleOrderId;
    /// Whether the bank declines the card at the next payment.
    boolean cardDeclines;
    int failedPayments;

    Subscription(String id, String customerId, Plan plan, Instant createdAt) {
        this.id = id;
        this.customerId = customerId;
        this.plan = plan;
        this.createdAt = createdAt;
    }
}
