package dev.plinto.polar.polar;

import dev.plinto.polar.CountryCode;
import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Field;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Stamp;
import dev.plinto.polar.entitlement.Subscription;
import org.jspecify.annotations.Nullable;

/// The objects that decide access, as statements (field names: the schemas in Polar's OpenAPI, version 2026-10). A
/// missing key is no statement; a key that is null states that there is no value.
final class PolarObjects {

    /// The key in a benefit's metadata for the feature that it unlocks.
    static final String FEATURE = "feature";

    static Subscription subscription(Payload data, Stamp stamp) {
        Facts.StatementBuilder facts = Facts.statedAt(stamp)
                .carries(Subscription.CUSTOMER_ID, data.requiredId("customer_id"));
        organization(data, facts, Subscription.ORGANIZATION_ID);
        data.carry(facts, Subscription.PRODUCT_ID, data::id);
        data.object("product").ifPresent(product -> {
            product.carry(facts, Subscription.PRODUCT_NAME, "name", product::text);
            product.carry(facts, Subscription.PRODUCT_METADATA, "metadata", product::json);
        });
        data.carry(facts, Subscription.STATUS, data::text);
        data.carry(facts, Subscription.CANCEL_AT_PERIOD_END, data::bool);
        data.carry(facts, Subscription.CURRENT_PERIOD_START, data::time);
        data.carry(facts, Subscription.CURRENT_PERIOD_END, data::time);
        data.carry(facts, Subscription.TRIAL_END, data::time);
        data.carry(facts, Subscription.ENDS_AT, data::time);
        data.carry(facts, Subscription.ENDED_AT, data::time);
        data.carry(facts, Subscription.SEATS, data::integer);
        data.carry(facts, Subscription.AMOUNT, data::integer);
        data.carry(facts, Subscription.CURRENCY, data::text);
        data.carry(facts, Subscription.RECURRING_INTERVAL, data::text);
        data.carry(facts, Subscription.CHECKOUT_ID, data::id);
        return new Subscription(new Id.Subscription(data.requiredId("id")), facts.build());
    }

    static Order order(Payload data, Stamp stamp) {
        Facts.StatementBuilder facts = Facts.statedAt(stamp)
                .carries(Order.CUSTOMER_ID, data.requiredId("customer_id"));
        organization(data, facts, Order.ORGANIZATION_ID);
        data.carry(facts, Order.SUBSCRIPTION_ID, data::id);
        data.carry(facts, Order.PRODUCT_ID, data::id);
        data.carry(facts, Order.STATUS, data::text);
        data.carry(facts, Order.BILLING_REASON, data::text);
        data.carry(facts, Order.TOTAL_AMOUNT, data::integer);
        data.carry(facts, Order.REFUNDED_AMOUNT, data::integer);
        data.carry(facts, Order.CURRENCY, data::text);
        data.carry(facts, Order.CREATED_AT, data::time);
        data.carry(facts, Order.CHECKOUT_ID, data::id);
        data.object("product").ifPresent(product -> product.carry(facts, Order.PRODUCT_NAME, "name", product::text));
        data.carry(facts, Order.SUBTOTAL_AMOUNT, data::integer);
        data.carry(facts, Order.DISCOUNT_AMOUNT, data::integer);
        data.carry(facts, Order.TAX_AMOUNT, data::integer);
        data.carry(facts, Order.INVOICE_NUMBER, data::text);
        data.carry(facts, Order.SEATS, data::integer);
        return new Order(new Id.Order(data.requiredId("id")), facts.build());
    }

    static Grant grant(Payload data, Stamp stamp) {
        Facts.StatementBuilder facts = Facts.statedAt(stamp)
                .carries(Grant.CUSTOMER_ID, data.requiredId("customer_id"))
                .carries(Grant.BENEFIT_ID, data.requiredId("benefit_id"))
                .carriesIfPresent(Grant.SUBSCRIPTION_ID, data.id("subscription_id"))
                .carriesIfPresent(Grant.ORDER_ID, data.id("order_id"))
                .carriesIfPresent(Grant.MEMBER_ID, data.id("member_id"));
        data.object("benefit").ifPresent(benefit -> {
            benefit.carry(facts, Grant.BENEFIT_TYPE, "type", benefit::text);
            benefit.carry(facts, Grant.DESCRIPTION, "description", benefit::text);
            benefit.carry(facts, Grant.FEATURE, "metadata", metadata -> feature(benefit, metadata));
        });
        data.carry(facts, Grant.IS_GRANTED, data::bool);
        data.carry(facts, Grant.GRANTED_AT, data::time);
        return new Grant(new Id.Grant(data.requiredId("id")), facts.build());
    }

    static Customer customer(Payload data, Stamp stamp) {
        return new Customer(new Id.Customer(data.requiredId("id")), customerFacts(data, stamp, false).build());
    }

    /// @param isDeleted whether the customer is deleted, whatever its fields say
    static Facts.StatementBuilder customerFacts(Payload data, Stamp stamp, boolean isDeleted) {
        Facts.StatementBuilder facts = Facts.statedAt(stamp);
        if (data.has("external_id") && data.id("external_id") == null
                && !isDeleted && data.time("deleted_at") == null) {
            facts.denies(Customer.EXTERNAL_ID); // Polar has sent a cached customer that had lost it
        } else {
            data.carry(facts, Customer.EXTERNAL_ID, data::id);
        }
        data.carry(facts, Customer.DELETED_AT, data::time);
        data.carry(facts, Customer.COUNTRY, "billing_address", address -> country(data, address));
        return facts;
    }

    /// Null for anything but a country's code: no access depends on it, so that it makes no event unreadable.
    private static @Nullable String country(Payload customer, String address) {
        String country = customer.node().path(address).path("country").textValue();
        return CountryCode.isOne(country) ? country : null;
    }

    static @Nullable String feature(Payload benefit, String metadataKey) {
        return benefit.object(metadataKey).map(metadata -> metadata.textOrNumber(FEATURE)).orElse(null);
    }

    /// Plinto's organization, if the checkout put it in the metadata.
    static void organization(Payload data, Facts.StatementBuilder facts, Field<String> field) {
        if (data.has("metadata")) {
            facts.carries(field, data.object("metadata").map(m -> m.idInMetadata("organization_id")).orElse(null));
        }
    }

    private PolarObjects() {}
}
