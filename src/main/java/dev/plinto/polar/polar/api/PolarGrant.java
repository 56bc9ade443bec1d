package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.Payload;
import org.jspecify.annotations.Nullable;

/// A grant of a benefit as Polar states it.
///
/// @param subscriptionId null unless it was granted through one; so is `orderId`
public record PolarGrant(String id, String benefitId, @Nullable String subscriptionId, @Nullable String orderId) {

    static PolarGrant of(Payload grant) {
        return new PolarGrant(grant.requiredId("id"), grant.requiredId("benefit_id"), grant.id("subscription_id"),
                grant.id("order_id"));
    }
}
