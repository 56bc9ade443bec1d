package dev.plinto.polar.polar;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Every event type that Polar's API version 2026-10 can send (`WebhookEventType` in Polar's OpenAPI and SDK).
public enum EventType {
    CHECKOUT_CREATED, CHECKOUT_UPDATED, CHECKOUT_EXPIRED,
    CUSTOMER_CREATED, CUSTOMER_UPDATED, CUSTOMER_DELETED, CUSTOMER_STATE_CHANGED,
    CUSTOMER_SEAT_ASSIGNED, CUSTOMER_SEAT_CLAIMED, CUSTOMER_SEAT_REVOKED,
    MEMBER_CREATED, MEMBER_UPDATED, MEMBER_DELETED,
    ORDER_CREATED, ORDER_UPDATED, ORDER_PAID, ORDER_REFUNDED,
    SUBSCRIPTION_CREATED, SUBSCRIPTION_UPDATED, SUBSCRIPTION_ACTIVE, SUBSCRIPTION_CANCELED, SUBSCRIPTION_UNCANCELED,
    SUBSCRIPTION_CYCLED, SUBSCRIPTION_PAST_DUE, SUBSCRIPTION_REVOKED, SUBSCRIPTION_PAUSED, SUBSCRIPTION_RESUMED,
    SUBSCRIPTION_MIGRATED,
    REFUND_CREATED, REFUND_UPDATED,
    PRODUCT_CREATED, PRODUCT_UPDATED,
    DISCOUNT_CREATED, DISCOUNT_UPDATED, DISCOUNT_DELETED,
    BENEFIT_CREATED, BENEFIT_UPDATED,
    BENEFIT_GRANT_CREATED, BENEFIT_GRANT_UPDATED, BENEFIT_GRANT_CYCLED, BENEFIT_GRANT_REVOKED,
    ORGANIZATION_UPDATED;

    /// Objects whose own name holds an underscore; in all other names the first underscore stands for the dot.
    private static final String[] OBJECTS_OF_TWO_WORDS = {"customer_seat", "benefit_grant"};

    private static final Map<String, EventType> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(EventType::wireName, Function.identity()));

    private final String wireName = wireNameOf(name().toLowerCase(Locale.ROOT));

    /// As Polar writes it: `subscription.past_due`.
    public String wireName() {
        return wireName;
    }

    /// Empty for a type that Polar added after this was written.
    public static Optional<EventType> of(String wireName) {
        return Optional.ofNullable(BY_NAME.get(wireName));
    }

    private static String wireNameOf(String name) {
        for (String object : OBJECTS_OF_TWO_WORDS) {
            if (name.startsWith(object)) {
                return object + "." + name.substring(object.length() + 1);
            }
        }
        return name.replaceFirst("_", ".");
    }
}
