package dev.plinto.polar.polar.api;

import java.util.Locale;

/// The operations of Polar's API that this service uses, and the scope that a token needs for each.
public enum Operation {
    LIST_SUBSCRIPTIONS("subscriptions:read"),
    READ_SUBSCRIPTION("subscriptions:read"),
    LIST_GRANTS("benefits:read"),
    LIST_CUSTOMERS("customers:read"),
    READ_CUSTOMER("customers:read"),
    LIST_PRODUCTS("products:read"),
    LIST_METERS("meters:read"),
    LIST_ORDERS("orders:read"),
    LIST_CHECKOUTS("checkouts:read"),
    LIST_MEMBERS("members:read"),
    READ_MEMBER("members:read"),
    LIST_SEATS("customer_seats:read"),
    LIST_CUSTOMER_METERS("customer_meters:read"),
    LIST_ENDPOINTS("webhooks:read"),
    ENABLE_ENDPOINT("webhooks:write"),
    LIST_DELIVERIES("webhooks:read");

    private final String scope;

    Operation(String scope) {
        this.scope = scope;
    }

    String scope() {
        return scope;
    }

    /// As written in metrics and messages.
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
