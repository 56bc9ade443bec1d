package dev.plinto.polar.sandbox.conekta;

import static dev.plinto.polar.sandbox.conekta.Payloads.object;
import static dev.plinto.polar.sandbox.conekta.Payloads.put;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// What concerns the merchant alone, as Conekta writes it: plans, events and where they go, keys, portals.
final class MerchantPayloads {

    private final ConektaState state;
    private final Addresses addresses;

    MerchantPayloads(ConektaState state, Addresses addresses) {
        this.state = state;
        this.addresses = addresses;
    }

    ObjectNode plan(Plan plan) {
        ObjectNode json = object("plan", plan.id())
                .put("name", plan.name())
                .put("amount", plan.amount())
                .put("currency", plan.currency())
                .put("interval", plan.interval())
                .put("frequency", plan.frequency())
                .put("created_at", plan.createdAt().getEpochSecond());
        put(json, "trial_period_days", plan.trialPeriodDays());
        put(json, "expiry_count", plan.expiryCount());
        put(json, "max_retries", plan.maxRetries());
        put(json, "retry_delay_hours", plan.retryDelayHours());
        return json;
    }

    /// Also the body of a delivery: what it tells of the deliveries so far changes from attempt to attempt, all else
    /// never.
    ObjectNode event(StoredEvent event) {
        ObjectNode json = object("event", event.id)
                .put("type", event.type)
                .put("created_at", event.createdAt.getEpochSecond())
                .put("webhook_status", event.status());
        json.set("data", event.data);
        ArrayNode logs = json.putArray("webhook_logs");
        event.logs.values().forEach(log -> logs.add(log(log)));
        return json;
    }

    ObjectNode log(WebhookLog log) {
        ObjectNode json = JsonNodeFactory.instance.objectNode()
                .put("id", log.id)
                .put("object", "webhook_log")
                .put("url", log.url)
                .put("failed_attempts", log.failedAttempts);
        put(json, "last_attempted_at", log.lastAttemptedAt);
        put(json, "last_http_response_status", log.lastHttpResponseStatus);
        json.putObject("response_data");
        return json;
    }

    ObjectNode webhook(Webhook webhook) {
        ObjectNode json = object("webhook", webhook.id).put("url", webhook.url).put("active", webhook.active);
        ArrayNode types = json.putArray("subscribed_events");
        webhook.subscribedEvents.forEach(types::add);
        return json;
    }

    ObjectNode key(WebhookKey key) {
        ObjectNode json = object("webhook_key", key.id)
                .put("active", key.active)
                .put("public_key", key.key.publicPem())
                .put("created_at", key.createdAt.getEpochSecond());
        put(json, "deactivated_at", key.deactivatedAt);
        return json;
    }

    ObjectNode portal(Portal portal) {
        Subscription subscription = ConektaState.find(state.subscriptions, portal.subscriptionId());
        Customer customer = state.customers.get(subscription.customerId);
        long createdAt = portal.createdAt().getEpochSecond();
        ObjectNode json = object("customer_portal", portal.id())
                .put("slug", portal.slug())
                .put("portal_url", addresses.portal(portal.slug()))
                .put("subscription_id", subscription.id)
                .put("customer_id", subscription.customerId)
                .put("created_at", createdAt)
                .put("updated_at", createdAt);
        ObjectNode details = json.putObject("subscription")
                .put("id", subscription.id)
                .put("object", "subscription")
                .put("status", subscription.status.wireName())
                .put("plan_id", subscription.plan.id())
                .put("customer_id", subscription.customerId)
                .put("created_at", subscription.createdAt.getEpochSecond());
        put(details, "next_billing_cycle", subscription.billingCycleEnd);
        details.set("plan", plan(subscription.plan));
        if (customer != null) {
            json.putObject("customer").put("id", customer.id).put("object", "customer").put("name", customer.name)
                    .put("email", customer.email);
        }
        return json;
    }
}
