package dev.plinto.polar.sandbox.conekta;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An order, with money in cents of its currency. `checkout` is null for one that a subscription has made;
/// `paymentStatus` is null until somebody has tried to pay.
final class Order {

    final String id;
    final Instant createdAt;
    final String currency;
    final List<LineItem> lineItems;
    Instant updatedAt;
    String customerId;
    String name;
    String email;
    String phone;
    String paymentStatus;
    long amountRefunded;
    Checkout checkout;
    ObjectNode metadata;
    final List<Charge> charges = new ArrayList<>();

    Order(String id, Instant createdAt, String currency, List<LineItem> lineItems) {
        this.id = id;
        this.createdAt = createdAt;
        this.updatedAt = createdAt;
        this.currency = currency;
        this.lineItems = List.copyOf(lineItems);
    }

    long amount() {
        return lineItems.stream().mapToLong(item -> item.unitPrice() * item.quantity()).sum();
    }

    boolean isPaid() {
        return "paid".equals(paymentStatus) || "partially_refunded".equals(paymentStatus)
                || "refunded".equals(paymentStatus);
    }

    /// Whether a buyer can still pay it.
    boolean isOpen() {
        return checkout != null && checkout.status == Checkout.Status.ISSUED;
    }

    Optional<Charge> charge(String status) {
        return charges.stream().filter(charge -> charge.status.equals(status)).findFirst();
    }
}
