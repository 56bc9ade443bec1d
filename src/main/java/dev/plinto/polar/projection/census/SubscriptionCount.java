package dev.plinto.polar.projection.census;

/// Of one product, by the name under which subscriptions know it.
///
/// @param active that began and have not ended
/// @param ended  within the last 30 days
record SubscriptionCount(String product, long active, long ended) {

    SubscriptionCount plus(SubscriptionCount other) {
        return new SubscriptionCount(product, active + other.active, ended + other.ended);
    }
}
