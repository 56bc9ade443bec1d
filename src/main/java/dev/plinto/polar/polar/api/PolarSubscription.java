package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.Payload;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A subscription as Polar states it.
///
/// @param status        such as `active`, `trialing`, `past_due` or `canceled`, or another one in the future
/// @param endedAt       null while it can go on
/// @param seats         null if it is not sold by the seat
/// @param pendingUpdate a change of product or seats that Polar makes later
/// @param metadata      its texts
public record PolarSubscription(String id, String status, String customerId, String productId,
        boolean cancelAtPeriodEnd, boolean pauseAtPeriodEnd, @Nullable Instant endedAt, @Nullable Integer seats,
        Optional<PendingUpdate> pendingUpdate, Map<String, String> metadata) {

    private static final String PAUSED = "paused";

    public PolarSubscription {
        metadata = Map.copyOf(metadata);
    }

    public boolean isPaused() {
        return status.equals(PAUSED);
    }

    /// @param productId null if the product stays
    /// @param seats     null if the number of seats stays
    public record PendingUpdate(Instant appliesAt, @Nullable String productId, @Nullable Integer seats) {

        static PendingUpdate of(Payload update) {
            return new PendingUpdate(update.requiredTime("applies_at"), update.id("product_id"),
                    update.smallInteger("seats"));
        }
    }

    static PolarSubscription of(Payload subscription) {
        return new PolarSubscription(subscription.requiredId("id"), Needed.text(subscription, "status"),
                subscription.requiredId("customer_id"), subscription.requiredId("product_id"),
                Boolean.TRUE.equals(subscription.bool("cancel_at_period_end")),
                Boolean.TRUE.equals(subscription.bool("pause_at_period_end")), subscription.time("ended_at"),
                subscription.smallInteger("seats"),
                subscription.object("pending_update").map(PendingUpdate::of),
                Needed.texts(subscription, "metadata"));
    }
}
