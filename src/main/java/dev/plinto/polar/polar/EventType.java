package dev.plinto.polar.polar;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Every event type that Polar's API version 2026-10 can send (`WebhookEventType` in Polar's OpenAPI and SDK).
public enum EventType {
    CHECKOUT_CREATED("checkout.created"),
    CHECKOUT_UPDATED("checkout.updated"),
    CHECKOUT_EXPIRED("checkout.expired"),
    CUSTOMER_CREATED("customer.created"),
    CUSTOMER_UPDATED("customer.updated"),
    CUSTOMER_DELETED("customer.deleted"),
    CUSTOMER_STATE_CHANGED("customer.state_changed"),
    CUSTOMER_SEAT_ASSIGNED("customer_seat.assigned"),
    CUSTOMER_SEAT_CLAIMED("customer_seat.claimed"),
    CUSTOMER_SEAT_REVOKED("customer_seat.revoked"),
    MEMBER_CREATED("member.created"),
    MEMBER_UPDATED("member.updated"),
    MEMBER_DELETED("member.deleted"),
    ORDER_CREATED("order.created"),
    ORDER_UPDATED("order.updated"),
    ORDER_PAID("order.paid"),
    ORDER_REFUNDED("order.refunded"),
    SUBSCRIPTION_CREATED("subscription.created"),
    SUBSCRIPTION_UPDATED("subscription.updated"),
    SUBSCRIPTION_ACTIVE("subscription.active"),
    SUBSCRIPTION_CANCELED("subscription.canceled"),
    SUBSCRIPTION_UNCANCELED("subscription.uncanceled"),
    SUBSCRIPTION_CYCLED("subscription.cycled"),
    SUBSCRIPTION_PAST_DUE("subscription.past_due"),
    SUBSCRIPTION_REVOKED("subscription.revoked"),
    SUBSCRIPTION_PAUSED("subscription.paused"),
    SUBSCRIPTION_RESUMED("subscription.resumed"),
    SUBSCRIPTION_MIGRATED("subscription.migrated"),
    REFUND_CREATED("refund.created"),
    REFUND_UPDATED("refund.updated"),
    PRODUCT_CREATED("product.created"),
    PRODUCT_UPDATED("product.updated"),
    DISCOUNT_CREATED("discount.created"),
    DISCOUNT_UPDATED("discount.updated"),
    DISCOUNT_DELETED("discount.deleted"),
    BENEFIT_CREATED("benefit.created"),
    BENEFIT_UPDATED("benefit.updated"),
    BENEFIT_GRANT_CREATED("benefit_grant.created"),
    BENEFIT_GRANT_UPDATED("benefit_grant.updated"),
    BENEFIT_GRANT_CYCLED("benefit_grant.cycled"),
    BENEFIT_GRANT_REVOKED("benefit_grant.revoked"),
    ORGANIZATION_UPDATED("organization.updated");

    private static final List<String> NEEDED = List.of("subscription.", "order.", "customer.", "benefit_grant.",
            "product.", "benefit.", "checkout.", "member.", "customer_seat.");
    private static final Map<String, EventType> BY_NAME = Arrays.stream(values())
            .collect(Collectors.toMap(EventType::wireName, Function.identity()));

    private final String wireName;

    EventType(String wireName) {
        this.wireName = wireName;
    }

    /// As Polar writes it.
    public String wireName() {
        return wireName;
    }

    /// Whether an endpoint of this API version must deliver this type: what is stored and published depends on it.
    ///
    /// @param apiVersion such as `2026-10`; null if it is not known
    public boolean isNeededOf(@Nullable String apiVersion) {
        if (this == SUBSCRIPTION_MIGRATED) {
            return apiVersion != null && apiVersion.compareTo("2026-10") >= 0; // earlier versions lack it
        }
        return NEEDED.stream().anyMatch(wireName::startsWith);
    }

    /// Empty for a type that this release does not know.
    public static Optional<EventType> of(String wireName) {
        return Optional.ofNullable(BY_NAME.get(wireName));
    }
}
