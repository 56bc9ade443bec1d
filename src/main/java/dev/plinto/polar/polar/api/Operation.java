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
    ENABLE_ENDPOINT("webhooks:write", Effect.WRITE),
    LIST_DELIVERIES("webhooks:read"),
    CREATE_CHECKOUT("checkouts:write", Effect.WRITE),
    READ_CHECKOUT("checkouts:read"),
    LIST_CHECKOUTS_OF_CUSTOMER("checkouts:read"),
    LIST_ORDERS_OF_CHECKOUT("orders:read"),
    LIST_GRANTS_OF_CUSTOMER("benefits:read"),
    FIND_CUSTOMER("customers:read"),
    CREATE_CUSTOMER("customers:write", Effect.WRITE),
    UPDATE_CUSTOMER("customers:write", Effect.WRITE),
    DELETE_CUSTOMER("customers:write", Effect.WRITE_ONCE),
    FIND_MEMBER("members:read"),
    LIST_MEMBERS_OF_CUSTOMER("members:read"),
    CREATE_MEMBER("members:write", Effect.WRITE),
    UPDATE_MEMBER("members:write", Effect.WRITE),
    CREATE_CUSTOMER_SESSION("customer_sessions:write", Effect.WRITE),
    LIST_SUBSCRIPTIONS_OF_CUSTOMER("subscriptions:read"),
    CREATE_SUBSCRIPTION("subscriptions:write", Effect.WRITE),
    UPDATE_SUBSCRIPTION("subscriptions:write", Effect.WRITE),
    LIST_SEATS_OF_SUBSCRIPTION("customer_seats:read"),
    ASSIGN_SEAT("customer_seats:write", Effect.WRITE),
    REVOKE_SEAT("customer_seats:write", Effect.WRITE),
    READ_ORDER("orders:read"),
    LIST_ORDERS_OF_CUSTOMER("orders:read"),
    GENERATE_INVOICE("orders:read", Effect.WRITE), // Polar's own scope of it
    READ_INVOICE("orders:read"),
    INGEST_EVENTS("events:write", Effect.WRITE_ONCE),
    /// Of any scope: see [PolarScopes].
    LIST_SCOPES("", Effect.WRITE);

    private enum Effect {
        READ,
        WRITE,
        /// However often it is sent: each object has an id of ours, which Polar takes once; or is gone.
        WRITE_ONCE
    }

    private final String scope;
    private final Effect effect;

    Operation(String scope) {
        this(scope, Effect.READ);
    }

    Operation(String scope, Effect effect) {
        this.scope = scope;
        this.effect = effect;
    }

    String scope() {
        return scope;
    }

    /// Whether it must not be sent twice, since it would change something at Polar twice: Polar has no idempotency
    /// keys.
    boolean writes() {
        return effect == Effect.WRITE;
    }

    /// As written in metrics and messages.
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
