package dev.plinto.polar.sandbox.conekta;

import java.util.LinkedHashMap;
import java.util.Map;

/// All objects by their ids, oldest first.
final class ConektaState {

    final Map<String, Customer> customers = new LinkedHashMap<>();
    final Map<String, Plan> plans = new LinkedHashMap<>();
    final Map<String, Order> orders = new LinkedHashMap<>();
    final Map<String, Subscription> subscriptions = new LinkedHashMap<>();
    /// By the subscription's id.
    final Map<String, Portal> portals = new LinkedHashMap<>();
    final Map<String, Webhook> webhooks = new LinkedHashMap<>();
    final Map<String, WebhookKey> keys = new LinkedHashMap<>();
    final Map<String, StoredEvent> events = new LinkedHashMap<>();

    /// @throws Refusal (404) if there is none
    static <T> T find(Map<String, T> all, String id) {
        T found = all.get(id);
        if (found == null) {
            throw Refusal.unknown(id);
        }
        return found;
    }
}
