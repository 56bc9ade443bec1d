package dev.plinto.polar.sandbox.conekta;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// An attempt to pay an order. `reference` is the number that the buyer pays with at the counter or in the bank, or the
/// last four digits of the card; `expiresAt` and `paidAt` may be null.
final class Charge {

    final String id;
    final String orderId;
    final Instant createdAt;
    final PaymentMethod method;
    final String reference;
    final Instant expiresAt;
    String status = "pending_payment";
    Instant paidAt;
    String failureCode;
    String failureMessage;
    final List<Refund> refunds = new ArrayList<>();

    Charge(
            String id, String orderId, Instant createdAt, PaymentMethod method, String reference, Instant expiresAt) {
        this.id = id;
        this.orderId = orderId;
        this.createdAt = createdAt;
        this.method = method;
        this.reference = reference;
        this.expiresAt = expiresAt;
    }

    /// `amount` in cents.
    record Refund(String id, Instant createdAt, long amount) {}
}
