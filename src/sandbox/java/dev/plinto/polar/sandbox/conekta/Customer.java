package dev.plinto.polar.sandbox.conekta;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Who buys. `customReference` is the merchant's, and null if it has none.
final class Customer {

    final String id;
    final Instant createdAt;
    String name;
    String email;
    String phone;
    String customReference;
    ObjectNode metadata;
    final List<Card> cards = new ArrayList<>();

    Customer(String id, Instant createdAt) {
        this.id = id;
        this.createdAt = createdAt;
    }

    /// A saved card.
    record Card(String id, Instant createdAt, String last4) {}
}
