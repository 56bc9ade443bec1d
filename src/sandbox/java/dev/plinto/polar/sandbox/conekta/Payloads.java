package dev.plinto.polar.sandbox.conekta;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Orders, charges, customers and subscriptions as Conekta writes them: times in epoch seconds, money in cents, and no
/// field without a value.
final class Payloads {

    private final ConektaState state;
    private final Addresses addresses;

    Payloads(ConektaState state, Addresses addresses) {
        this.state = state;
        this.addresses = addresses;
    }

    ObjectNode order(Order order) {
        ObjectNode json = object("order", order.id)
                .put("amount", order.amount())
                .put("amount_refunded", order.amountRefunded)
                .put("currency", order.currency)
                .put("created_at", order.createdAt.getEpochSecond())
                .put("updated_at", order.updatedAt.getEpochSecond())
                .put("is_refundable", order.isPaid() && order.amountRefunded < order.amount());
        put(json, "payment_status", order.paymentStatus);
        json.set("customer_info", customerInfo(order));
        json.set("line_items", list(order.lineItems.stream().map(Payloads::lineItem).toList()));
        json.set("charges", list(order.charges.stream().map(this::charge).toList()));
        if (order.checkout != null) {
            json.set("checkout", checkout(order.checkout));
        }
        json.set("metadata", order.metadata == null ? JsonNodeFactory.instance.objectNode() : order.metadata);
        return json;
    }

    ObjectNode charge(Charge charge) {
        Order order = state.orders.get(charge.orderId);
        ObjectNode json = object("charge", charge.id)
                .put("amount", order.amount())
                .put("currency", order.currency)
                .put("order_id", order.id)
                .put("status", charge.status)
                .put("created_at", charge.createdAt.getEpochSecond());
        put(json, "customer_id", order.customerId);
        put(json, "paid_at", charge.paidAt);
        put(json, "failure_code", charge.failureCode);
        put(json, "failure_message", charge.failureMessage);
        json.set("payment_method", paymentMethod(charge));
        json.set("refunds", list(charge.refunds.stream().map(refund -> JsonNodeFactory.instance.objectNode()
                .put("id", refund.id())
                .put("object", "refund")
                .put("amount", refund.amount())
                .put("created_at", refund.createdAt().getEpochSecond())).toList()));
        return json;
    }

    ObjectNode subscription(Subscription subscription) {
        ObjectNode json = JsonNodeFactory.instance.objectNode()
                .put("id", subscription.id)
                .put("object", "subscription")
                .put("status", subscription.status.wireName())
                .put("plan_id", subscription.plan.id())
                .put("customer_id", subscription.customerId)
                .put("created_at", subscription.createdAt.getEpochSecond())
                .put("subscription_start", subscription.createdAt.getEpochSecond());
        Optional.ofNullable(state.customers.get(subscription.customerId))
                .ifPresent(customer -> put(json, "customer_custom_reference", customer.customReference));
        put(json, "card_id", subscription.cardId);
        put(json, "charge_id", subscription.chargeId);
        put(json, "last_billing_cycle_order_id", subscription.lastBillingCycleOrderId);
        put(json, "billing_cycle_start", subscription.billingCycleStart);
        put(json, "billing_cycle_end", subscription.billingCycleEnd);
        put(json, "trial_start", subscription.trialStart);
        put(json, "trial_end", subscription.trialEnd);
        put(json, "paused_at", subscription.pausedAt);
        put(json, "canceled_at", subscription.canceledAt);
        put(json, "canceled_reason", subscription.canceledReason);
        return json;
    }

    ObjectNode customer(Customer customer) {
        ObjectNode json = object("customer", customer.id)
                .put("name", customer.name)
                .put("email", customer.email)
                .put("phone", customer.phone)
                .put("corporate", false)
                .put("created_at", customer.createdAt.getEpochSecond());
        put(json, "custom_reference", customer.customReference);
        if (!customer.cards.isEmpty()) {
            json.put("default_payment_source_id", customer.cards.getFirst().id());
        }
        json.set("metadata", customer.metadata == null ? JsonNodeFactory.instance.objectNode() : customer.metadata);
        json.set("payment_sources", list(customer.cards.stream().map(card -> JsonNodeFactory.instance.objectNode()
                .put("id", card.id())
                .put("object", "payment_source")
                .put("type", "card")
                .put("last4", card.last4())
                .put("created_at", card.createdAt().getEpochSecond())).toList()));
        state.subscriptions.values().stream()
                .filter(subscription -> subscription.customerId.equals(customer.id))
                .reduce((older, newer) -> newer)
                .ifPresent(newest -> json.set("subscription", subscription(newest)));
        return json;
    }

    /// An object of Conekta's that lives in its test mode.
    static ObjectNode object(String type, String id) {
        return JsonNodeFactory.instance.objectNode().put("id", id).put("object", type).put("livemode", false);
    }

    static void put(ObjectNode json, String field, String value) {
        if (value != null) {
            json.put(field, value);
        }
    }

    static void put(ObjectNode json, String field, Instant time) {
        if (time != null) {
            json.put(field, time.getEpochSecond());
        }
    }

    static void put(ObjectNode json, String field, Integer value) {
        if (value != null) {
            json.put(field, value);
        }
    }

    /// A list inside an object, which is always whole.
    private static ObjectNode list(List<ObjectNode> all) {
        ObjectNode json = JsonNodeFactory.instance.objectNode()
                .put("object", "list").put("has_more", false).put("total", all.size());
        json.putArray("data").addAll(all);
        return json;
    }

    private static ObjectNode lineItem(LineItem item) {
        return JsonNodeFactory.instance.objectNode()
                .put("object", "line_item")
                .put("name", item.name())
                .put("unit_price", item.unitPrice())
                .put("quantity", item.quantity());
    }

    private ObjectNode customerInfo(Order order) {
        ObjectNode json = JsonNodeFactory.instance.objectNode()
                .put("object", "customer_info").put("name", order.name).put("email", order.email)
                .put("phone", order.phone).put("corporate", false);
        put(json, "customer_id", order.customerId);
        Optional.ofNullable(state.customers.get(order.customerId))
                .ifPresent(customer -> put(json, "customer_custom_reference", customer.customReference));
        return json;
    }

    private ObjectNode checkout(Checkout checkout) {
        CheckoutTerms terms = checkout.terms;
        ObjectNode json = terms.others() == null ? JsonNodeFactory.instance.objectNode() : terms.others().deepCopy();
        json.setAll(object("checkout", checkout.id));
        json.put("name", terms.name() == null ? "Checkout" : terms.name())
                .put("type", "HostedPayment")
                .put("status", checkout.status.wireName)
                .put("slug", checkout.slug)
                .put("url", addresses.checkout(checkout.slug))
                .put("starts_at", checkout.startsAt.getEpochSecond())
                .put("expires_at", checkout.expiresAt.getEpochSecond())
                .put("paid_payments_count", checkout.paidPayments);
        put(json, "success_url", terms.successUrl());
        put(json, "failure_url", terms.failureUrl());
        texts(json.putArray("allowed_payment_methods"),
                terms.allowed().stream().map(PaymentMethod::wireName).toList());
        if (!terms.planIds().isEmpty()) {
            texts(json.putArray("plan_ids"), terms.planIds());
        }
        return json;
    }

    private static ObjectNode paymentMethod(Charge charge) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        switch (charge.method) {
            case CARD -> json.put("object", "card_payment").put("type", "credit").put("brand", "visa")
                    .put("last4", charge.reference);
            case CASH -> json.put("object", "cash_payment").put("type", "oxxo").put("service_name", "OxxoPay")
                    .put("reference", charge.reference);
            case BANK_TRANSFER -> json.put("object", "bank_transfer_payment").put("type", "spei").put("bank", "STP")
                    .put("clabe", charge.reference).put("receiving_account_number", charge.reference);
        }
        put(json, "expires_at", charge.expiresAt);
        return json;
    }

    private static void texts(ArrayNode array, Collection<String> texts) {
        texts.forEach(array::add);
    }
}
