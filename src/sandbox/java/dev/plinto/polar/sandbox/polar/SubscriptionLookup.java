package dev.plinto.polar.sandbox.polar;

import java.util.UUID;

/// Finds the subscription for an action, and refuses it with [IllegalStateException] where the action is impossible.
final class SubscriptionLookup {

    private final SimulatedState state;

    SubscriptionLookup(SimulatedState state) {
        this.state = state;
    }

    Subscription find(UUID id) {
        return SimulatedState.find(state.subscriptions, id);
    }

    Subscription running(UUID id) {
        Subscription subscription = find(id);
        require(!subscription.ended() && subscription.status != SubscriptionStatus.PAUSED,
                "the subscription is not running");
        return subscription;
    }

    Subscription healthy(UUID id) {
        Subscription subscription = find(id);
        require(subscription.status.grantsBenefits() && !subscription.cancelAtPeriodEnd,
                "the subscription is ending or not in use");
        return subscription;
    }

    /// Polar changes seats only to seats.
    Subscription changeable(UUID id, UUID product) {
        Subscription subscription = healthy(id);
        require(SimulatedState.find(state.products, product).isSoldBySeat() == (subscription.seats != null),
                "one of the products is sold by the seat, the other one is not");
        return subscription;
    }

    Subscription renewable(UUID id) {
        Subscription subscription = healthy(id);
        require(!subscription.pauseAtPeriodEnd, "a pause is pending");
        return subscription;
    }

    static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }
}
