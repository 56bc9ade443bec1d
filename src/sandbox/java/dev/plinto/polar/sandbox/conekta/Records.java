package dev.plinto.polar.sandbox.conekta;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/// All objects as Conekta's API returns them, oldest first.
public final class Records {

    private final ConektaState state;
    private final Payloads payloads;
    private final MerchantPayloads merchant;

    Records(ConektaState state, Payloads payloads, MerchantPayloads merchant) {
        this.state = state;
        this.payloads = payloads;
        this.merchant = merchant;
    }

    /// @throws Refusal (404), as all calls for one object
    public ObjectNode order(String id) {
        return payloads.order(ConektaState.find(state.orders, id));
    }

    public ObjectNode customer(String id) {
        return payloads.customer(ConektaState.find(state.customers, id));
    }

    public ObjectNode subscription(String id) {
        return payloads.subscription(ConektaState.find(state.subscriptions, id));
    }

    public ObjectNode plan(String id) {
        return merchant.plan(ConektaState.find(state.plans, id));
    }

    public ObjectNode webhook(String id) {
        return merchant.webhook(ConektaState.find(state.webhooks, id));
    }

    public ObjectNode key(String id) {
        return merchant.key(ConektaState.find(state.keys, id));
    }

    public ObjectNode event(String id) {
        return merchant.event(ConektaState.find(state.events, id));
    }

    /// The newest log of this event's deliveries to the webhook.
    public ObjectNode log(String eventId, String webhookId) {
        return merchant.log(ConektaState.find(ConektaState.find(state.events, eventId).logs, webhookId));
    }

    /// By its subscription.
    public ObjectNode portal(String subscriptionId) {
        return merchant.portal(ConektaState.find(state.portals, subscriptionId));
    }

    public Stream<Row> orders() {
        return rows(state.orders, payloads::order);
    }

    public Stream<Row> charges() {
        return state.orders.values().stream().flatMap(order -> order.charges.stream())
                .map(charge -> new Row(charge.id, payloads.charge(charge)));
    }

    public Stream<Row> customers() {
        return rows(state.customers, payloads::customer);
    }

    public Stream<Row> plans() {
        return rows(state.plans, merchant::plan);
    }

    public Stream<Row> subscriptions(String customerId) {
        ConektaState.find(state.customers, customerId);
        return rows(state.subscriptions, payloads::subscription)
                .filter(row -> row.json().path("customer_id").asText().equals(customerId));
    }

    public Stream<Row> webhooks() {
        return rows(state.webhooks, merchant::webhook);
    }

    public Stream<Row> keys() {
        return rows(state.keys, merchant::key);
    }

    public Stream<Row> events() {
        return rows(state.events, merchant::event);
    }

    /// The events about one subscription.
    public Stream<Row> eventsOf(String subscriptionId) {
        return events().filter(row -> row.json().path("data").path("object").path("id").asText()
                .equals(subscriptionId));
    }

    private static <T> Stream<Row> rows(Map<String, T> all, Function<T, ObjectNode> written) {
        return all.entrySet().stream().map(entry -> new Row(entry.getKey(), written.apply(entry.getValue())));
    }

    /// An object of a list.
    public record Row(String id, ObjectNode json) {}
}
