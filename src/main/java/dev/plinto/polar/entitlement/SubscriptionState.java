package dev.plinto.polar.entitlement;

import java.util.Objects;

/// What is published of a subscription: whose it is and all of its facts. Two equal states look the same to everybody
/// outside, so going from one to the other is no news.
public record SubscriptionState(Subscription subscription, Account account) {

    public SubscriptionState {
        Objects.requireNonNull(subscription, "subscription");
        Objects.requireNonNull(account, "account");
    }

    public String status() {
        return subscription.facts().get(Subscription.STATUS);
    }

    boolean looksLike(SubscriptionState other) {
        return other != null && account.equals(other.account) && Subscription.FIELDS.stream()
                .filter(field -> !field.equals(Subscription.ORGANIZATION_ID)) // published as the account
                .allMatch(field -> Objects.equals(
                        subscription.facts().get(field), other.subscription.facts().get(field)));
    }
}
