package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.api.PolarSubscription.PendingUpdate;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One change of a subscription: Polar takes one kind at a time.
public sealed interface SubscriptionChange {

    /// Whether the subscription is as if the change had just been made, by whomever: then it need not be made again.
    default boolean isMadeIn(PolarSubscription subscription) {
        Optional<PendingUpdate> pending = subscription.pendingUpdate();
        return switch (this) {
            case Plan plan -> plan.productId.equals(
                    pending.map(PendingUpdate::productId).orElse(subscription.productId()));
            case Seats change -> pending.map(PendingUpdate::seats).or(() -> Optional.ofNullable(subscription.seats()))
                    .filter(seats -> seats == change.seats).isPresent();
            case CancelAtPeriodEnd why -> subscription.cancelAtPeriodEnd();
            case Uncancel uncancel -> !subscription.cancelAtPeriodEnd() && subscription.endedAt() == null;
            case Revoke why -> subscription.endedAt() != null;
            case PauseAtPeriodEnd until -> subscription.pauseAtPeriodEnd() || subscription.isPaused();
            case WithdrawPause withdraw -> !subscription.pauseAtPeriodEnd() && !subscription.isPaused();
            case Resume resume -> !subscription.isPaused() && subscription.endedAt() == null;
        };
    }

    /// @param prorationBehavior `invoice`, `prorate`, `next_period` or `reset`; null is Polar's own choice
    record Plan(String productId, @Nullable String prorationBehavior) implements SubscriptionChange {}

    /// @param prorationBehavior as for the plan
    record Seats(int seats, @Nullable String prorationBehavior) implements SubscriptionChange {}

    /// @param reason  one of Polar's: `customer_service`, `low_quality`, `missing_features`, `switched_service`,
    ///                `too_complex`, `too_expensive`, `unused` or `other`
    /// @param comment the customer's words
    record CancelAtPeriodEnd(@Nullable String reason, @Nullable String comment) implements SubscriptionChange {}

    /// Takes a cancellation back, until the period has ended.
    record Uncancel() implements SubscriptionChange {}

    /// Ends it now, for good.
    ///
    /// @param reason as for a cancellation
    record Revoke(@Nullable String reason, @Nullable String comment) implements SubscriptionChange {}

    /// @param resumesAt after the period's end; null for a pause without an end
    record PauseAtPeriodEnd(@Nullable Instant resumesAt) implements SubscriptionChange {}

    /// Takes a pause back that has not begun.
    record WithdrawPause() implements SubscriptionChange {}

    /// Ends a pause.
    record Resume() implements SubscriptionChange {}
}
