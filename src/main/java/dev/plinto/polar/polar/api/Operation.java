package dev.plinto.polar.polar.api;

import java.util.Locale;

/// What is asked of Polar's API, and the scope that a token needs for it.
public enum Operation {
    LIST_SUBSCRIPTIONS("subscriptions:read"), READ_SUBSCRIPTION("subscriptions:read"), LIST_GRANTS(
            "benefits:read"), LIST_CUSTOMERS("customers:read"), READ_CUSTOMER("customers:read"), LIST_ENDPOINTS(
                    "webhooks:read"), ENABLE_ENDPOINT("webhooks:write"), LIST_DELIVERIES("webhooks:read");

    private final String scope;

    Operation(String scope) {
        this.scope = scope;
    }

    String scope() {
        return scope;
    }

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
