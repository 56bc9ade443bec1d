/// Counts of rows in the database: parked events and unlinked accounts, which need an operator ([AttentionMetrics]),
/// contradictions, which do too ([ContradictionCensus]), and subscriptions by product ([SubscriptionMetrics]).
package dev.plinto.polar.projection.census;
