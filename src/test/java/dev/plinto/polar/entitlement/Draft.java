package dev.plinto.polar.entitlement;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/// A statement without its stamp yet.
public interface Draft {

    TrackedObject of(Facts.StatementBuilder facts);

    static Event event(int second, String webhookId, Draft... statements) {
        return new Event(new Cause("test.applied", webhookId, at(second)), Arrays.stream(statements)
                .map(draft -> draft.of(Facts.statedAt(stamp(second, webhookId)))).toList());
    }

    static Stamp stamp(int second, String webhookId) {
        return new Stamp(at(second), webhookId);
    }

    static Instant at(int second) {
        return Instant.parse("2026-11-22T10:00:00Z").plusSeconds(second);
    }

    static Draft customer(String id, String externalId) {
        return facts -> new Customer(new Id.Customer(id), facts.carries(Customer.EXTERNAL_ID, externalId).build());
    }

    static Draft withoutLink(String id) {
        return facts -> new Customer(new Id.Customer(id),
                facts.denies(Customer.EXTERNAL_ID).carries(Customer.DELETED_AT, null).build());
    }

    static Draft snapshot(String customer, String... liveGrants) {
        return facts -> new Customer(new Id.Customer(customer),
                facts.carries(Customer.LIVE_GRANTS, List.of(liveGrants)).build());
    }

    static Draft subscription(String id, String customer, String organization, String status) {
        return facts -> new Subscription(new Id.Subscription(id), facts
                .carries(Subscription.CUSTOMER_ID, customer)
                .carries(Subscription.ORGANIZATION_ID, organization)
                .carries(Subscription.STATUS, status).build());
    }

    /// Of a provider that tells no grants.
    static Draft mapped(String subscription, String product, String status, Instant periodEnd) {
        return facts -> new Subscription(new Id.Subscription(subscription), facts
                .carries(Subscription.CUSTOMER_ID, "conekta:c")
                .carries(Subscription.PRODUCT_ID, product)
                .carries(Subscription.STATUS, status)
                .carries(Subscription.CURRENT_PERIOD_END, periodEnd).build());
    }

    /// Likewise.
    static Draft order(String id, String product, String status, Long total, Long refunded) {
        return facts -> new Order(new Id.Order(id), facts
                .carries(Order.CUSTOMER_ID, "conekta:c")
                .carries(Order.PRODUCT_ID, product)
                .carries(Order.STATUS, status)
                .carries(Order.TOTAL_AMOUNT, total)
                .carries(Order.REFUNDED_AMOUNT, refunded).build());
    }

    static Draft product(String id, String... benefits) {
        return facts -> new Product(new Id.Product(id), facts.carries(Product.BENEFIT_IDS, List.of(benefits)).build());
    }

    static Draft benefit(String id, String description, String feature) {
        return facts -> new Benefit(new Id.Benefit(id), facts
                .carries(Benefit.TYPE, "feature_flag")
                .carries(Benefit.DESCRIPTION, description)
                .carries(Benefit.METADATA, feature == null ? "{}" : "{\"feature\":\"" + feature + "\"}")
                .carries(Benefit.FEATURE, feature).build());
    }

    static Draft grant(String id, String customer, String subscription, String benefit, boolean granted) {
        return facts -> new Grant(new Id.Grant(id), facts
                .carries(Grant.CUSTOMER_ID, customer)
                .carries(Grant.BENEFIT_ID, benefit)
                .carriesIfPresent(Grant.SUBSCRIPTION_ID, subscription)
                .carries(Grant.IS_GRANTED, granted).build());
    }

    static Draft describedGrant(String id, String description, boolean granted) {
        return facts -> new Grant(new Id.Grant(id), facts
                .carries(Grant.CUSTOMER_ID, "c")
                .carries(Grant.BENEFIT_ID, "exports")
                .carries(Grant.DESCRIPTION, description)
                .carries(Grant.IS_GRANTED, granted).build());
    }
}
