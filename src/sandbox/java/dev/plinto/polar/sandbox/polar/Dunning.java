package dev.plinto.polar.sandbox.polar;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// When Polar tries again to collect the payment of a renewal: 2, 7, 14 and 21 days after it failed.
final class Dunning {

    private static final List<Duration> ATTEMPTS = List.of(
            Duration.ofDays(2), Duration.ofDays(7), Duration.ofDays(14), Duration.ofDays(21));

    private Dunning() {}

    /// Empty after the last attempt.
    static Optional<Instant> attemptAfter(Instant attempt, Instant firstFailure) {
        return ATTEMPTS.stream().map(firstFailure::plus).filter(attempt::isBefore).findFirst();
    }
}
