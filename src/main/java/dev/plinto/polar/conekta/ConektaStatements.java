package dev.plinto.polar.conekta;

import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Field;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Stamp;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.TrackedObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Conekta's objects as statements (field names: the schemas in Conekta's OpenAPI, version 2.3.0). A missing key is no
/// statement; a key that is null states that there is no value. Ids of Conekta's have its prefix; ids of Polar's
/// products and of our organizations stay as they are.
final class ConektaStatements {

    /// The words that are published are Polar's; Conekta's differ for a trial only.
    private static final String IN_TRIAL = "in_trial";
    private static final String TRIALING = "trialing";
    private static final String CANCELED = "canceled";

    private final Map<String, String> productsOfPlans;

    /// @param productsOfPlans Polar's product of each plan
    ConektaStatements(Map<String, String> productsOfPlans) {
        this.productsOfPlans = Map.copyOf(productsOfPlans);
    }

    /// An order does not say whether it belongs to a subscription; the subscription does. What begins a subscription is
    /// no one-time purchase, also if the subscription's own event comes later.
    List<TrackedObject> order(ConektaObject order, Stamp stamp) {
        List<TrackedObject> statements = new ArrayList<>();
        Facts.StatementBuilder facts = Facts.statedAt(stamp);
        order.object("customer_info").ifPresent(buyer -> {
            String customer = buyer.id("customer_id"); // an order without a stored customer has none
            if (customer != null) {
                facts.carries(Order.CUSTOMER_ID, ours(customer));
                String reference = buyer.id("customer_custom_reference");
                customer(customer, reference == null ? buyer.id("custom_reference") : reference, stamp)
                        .ifPresent(statements::add);
            }
        });
        metadata(order, facts, Order.ORGANIZATION_ID, "organization_id");
        if (!order.object("checkout").map(checkout -> checkout.hasAny("plan_ids")).orElse(false)) {
            metadata(order, facts, Order.PRODUCT_ID, "product_id");
        }
        order.carry(facts, Order.STATUS, "payment_status", order::text);
        order.carry(facts, Order.TOTAL_AMOUNT, "amount", order::integer);
        order.carry(facts, Order.REFUNDED_AMOUNT, "amount_refunded", order::integer);
        order.carry(facts, Order.CURRENCY, "currency", name -> lowerCase(order.text(name)));
        order.carry(facts, Order.CREATED_AT, "created_at", order::time);
        statements.addFirst(new Order(new Id.Order(ours(order.requiredId("id"))), facts.build()));
        return statements;
    }

    List<TrackedObject> subscription(ConektaObject subscription, Stamp stamp) {
        List<TrackedObject> statements = new ArrayList<>();
        String id = ours(subscription.requiredId("id"));
        String customer = subscription.requiredId("customer_id");
        Facts.StatementBuilder facts = Facts.statedAt(stamp).carries(Subscription.CUSTOMER_ID, ours(customer));
        subscription.carry(facts, Subscription.PRODUCT_ID, "plan_id", name -> product(subscription.id(name)));
        status(subscription, facts, stamp.moment());
        subscription.carry(facts, Subscription.CURRENT_PERIOD_START, "billing_cycle_start", subscription::time);
        subscription.carry(facts, Subscription.CURRENT_PERIOD_END, "billing_cycle_end", subscription::time);
        subscription.carry(facts, Subscription.TRIAL_END, "trial_end", subscription::time);
        subscription.carry(facts, Subscription.AMOUNT, "amount", subscription::integer);
        subscription.carry(facts, Subscription.CURRENCY, "currency", name -> lowerCase(subscription.text(name)));
        statements.add(new Subscription(new Id.Subscription(id), facts.build()));
        String order = subscription.id("last_billing_cycle_order_id");
        if (order != null) {
            statements.add(new Order(new Id.Order(ours(order)), Facts.statedAt(stamp)
                    .carries(Order.CUSTOMER_ID, ours(customer)).carries(Order.SUBSCRIPTION_ID, id).build()));
        }
        customer(customer, subscription.id("customer_custom_reference"), stamp).ifPresent(statements::add);
        return statements;
    }

    List<TrackedObject> deletedCustomer(ConektaObject customer, Stamp stamp) {
        return List.of(new Customer(new Id.Customer(ours(customer.requiredId("id"))),
                Facts.statedAt(stamp).carries(Customer.DELETED_AT, stamp.moment()).build()));
    }

    /// Conekta says when a subscription was canceled (`canceled_at`), not when it ends: its paid period goes on, and
    /// neither `ends_at` nor `ended_at` is stated.
    private static void status(ConektaObject subscription, Facts.StatementBuilder facts, Instant moment) {
        if (!subscription.has("status")) {
            return;
        }
        String status = subscription.text("status");
        Instant end = subscription.time("billing_cycle_end");
        facts.carries(Subscription.STATUS, IN_TRIAL.equals(status) ? TRIALING : status);
        facts.carries(Subscription.CANCEL_AT_PERIOD_END,
                CANCELED.equals(status) && end != null && end.isAfter(moment));
    }

    /// The merchant's own reference of a customer names the organization, as `external_id` does at Polar: this service
    /// sets it. A customer without one says nothing, so that no organization loses its customer by an object that
    /// leaves it out.
    private static Optional<Customer> customer(String id, @Nullable String organization, Stamp stamp) {
        return Optional.ofNullable(organization).map(named -> new Customer(new Id.Customer(ours(id)),
                Facts.statedAt(stamp).carries(Customer.EXTERNAL_ID, named).build()));
    }

    /// What the checkout put there.
    private static void metadata(ConektaObject order, Facts.StatementBuilder facts, Field<String> field, String key) {
        order.carry(facts, field, "metadata",
                name -> order.object(name).map(metadata -> metadata.idInMetadata(key)).orElse(null));
    }

    /// A plan that `CONEKTA_PLANS` does not name is a product of its own, of which nothing is known: it gives nothing.
    private @Nullable String product(@Nullable String plan) {
        return plan == null ? null : productsOfPlans.getOrDefault(plan, ours(plan));
    }

    private static @Nullable String lowerCase(@Nullable String currency) {
        return currency == null ? null : currency.toLowerCase(Locale.ROOT);
    }

    private static String ours(String id) {
        return ConektaDialect.ID_PREFIX + id;
    }
}
