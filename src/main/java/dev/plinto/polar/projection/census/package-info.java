/// Counts of what the database holds: parked events and unlinked accounts, which need an operator ([AttentionMetrics]),
/// and subscriptions by product ([SubscriptionMetrics]).
package dev.plinto.polar.projection.census;
