package dev.plinto.polar.billing.idempotency;

/// What the sender of a request gets.
///
/// @param isRepeated whether it was stored for an earlier sending of the same request, and nothing was done now
public record Outcome(Answer answer, boolean isRepeated) {}
