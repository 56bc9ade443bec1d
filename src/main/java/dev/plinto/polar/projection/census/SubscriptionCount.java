package dev.plinto.polar.projection.census;

/// How many subscriptions a product has.
///
/// @param product its name, as the subscriptions embed it
/// @param active  those that began and have not ended
/// @param ending  those of these that are canceled and go on until their period ends
/// @param ended   those that ended within the last 30 days
record SubscriptionCount(String product, long active, long ending, long ended) {

    SubscriptionCount plus(SubscriptionCount other) {
        return new SubscriptionCount(product, active + other.active, ending + other.ending, ended + other.ended);
    }
}
