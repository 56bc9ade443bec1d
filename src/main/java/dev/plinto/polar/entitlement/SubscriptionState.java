package dev.plinto.polar.entitlement;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The published state of a subscription: its account and its facts. A change that leaves the published fields equal is
/// not published.
public record SubscriptionState(Subscription subscription, Account account) {

    public SubscriptionState {
        Objects.requireNonNull(subscription, "subscription");
        Objects.requireNonNull(account, "account");
    }

    public @Nullable String status() {
        return subscription.facts().get(Subscription.STATUS);
    }

    boolean hasSameContentAs(@Nullable SubscriptionState other) {
        return other != null && account.equals(other.account) && Subscription.PUBLISHED.stream()
                .allMatch(field -> Objects.equals(
                        subscription.facts().get(field), other.subscription.facts().get(field)));
    }
}
