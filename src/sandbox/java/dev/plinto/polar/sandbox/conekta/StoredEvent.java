package dev.plinto.polar.sandbox.conekta;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// An event, and how its delivery to each webhook goes.
final class StoredEvent {

    final String id;
    final String type;
    final Instant createdAt;
    final ObjectNode data;
    /// By the webhook's id.
    final Map<String, WebhookLog> logs = new LinkedHashMap<>();

    StoredEvent(String id, String type, Instant createdAt, ObjectNode data) {
        this.id = id;
        this.type = type;
        this.createdAt = createdAt;
        this.data = data;
    }

    String status() {
        if (logs.isEmpty() || logs.values().stream().anyMatch(log -> log.lastAttemptedAt == null)) {
            return "pending";
        }
        return logs.values().stream().allMatch(log -> log.delivered) ? "successful" : "failing";
    }
}
