package dev.plinto.polar.billing.idempotency;

/// What a sending of a request means.
sealed interface Claim {

    /// The sender acts; nothing has been begun before.
    ///
    /// @param attempt its number, without which nothing is recorded
    record First(String id, int attempt) implements Claim {}

    /// The sender acts, after an attempt that ended without an answer.
    record Resumed(String id, int attempt, String progress) implements Claim {}

    /// The request was answered.
    record Answered(Answer answer) implements Claim {}

    /// Another attempt is acting.
    record UnderWay() implements Claim {}

    /// The key was used for another body.
    record OtherBody() implements Claim {}
}
