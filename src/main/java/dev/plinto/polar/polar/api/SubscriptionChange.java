package dev.plinto.polar.polar.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One change of a subscription: Polar takes one kind at a time.
public sealed interface SubscriptionChange {

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
