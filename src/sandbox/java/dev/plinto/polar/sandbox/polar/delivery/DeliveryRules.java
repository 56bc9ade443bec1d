package dev.plinto.polar.sandbox.polar.delivery;

import dev.plinto.polar.sandbox.provider.SimulatedClock;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// Polar's timeouts and retries, from `server/polar/webhook/tasks.py` and Dramatiq's back-off.
///
/// @param timeout of one request, by the machine's clock; all other times are by [SimulatedClock]
/// @param attempts for one event in total
/// @param guardStep how long an event waits for each older one without an attempt, before it checks again
/// @param workers number of concurrent requests
public record DeliveryRules(
        Duration timeout,
        int attempts,
        Duration backoffFactor,
        Duration longestBackoff,
        Duration guardStep,
        int workers) {

    private static final Duration LONGEST_GUARD = Duration.ofSeconds(60);

    public DeliveryRules {
        if (attempts < 1 || workers < 1) {
            throw new IllegalArgumentException("attempts and workers must be at least 1");
        }
    }

    public static DeliveryRules ofPolar() {
        return new DeliveryRules(
                Duration.ofSeconds(10), 10, Duration.ofSeconds(2), Duration.ofMinutes(20), Duration.ofMillis(300), 8);
    }

    public DeliveryRules withWorkers(int number) {
        return new DeliveryRules(timeout, attempts, backoffFactor, longestBackoff, guardStep, number);
    }

    public DeliveryRules withTimeout(Duration newTimeout) {
        return new DeliveryRules(newTimeout, attempts, backoffFactor, longestBackoff, guardStep, workers);
    }

    public DeliveryRules withGuardStep(Duration step) {
        return new DeliveryRules(timeout, attempts, backoffFactor, longestBackoff, step, workers);
    }

    /// The pause after this number of failed attempts: doubled each time, less up to half of it at random. So 4 to 8 s,
    /// 8 to 16 s, and at last 10 to 20 min.
    Duration backoff(int attempted, RandomGenerator random) {
        Duration doubled = backoffFactor.multipliedBy(1L << Math.min(attempted + 1, 20));
        long longest = Math.min(doubled.toMillis(), longestBackoff.toMillis());
        return Duration.ofMillis(longest / 2 + (long) (longest / 2.0 * random.nextDouble()));
    }

    /// The wait while `older` events have had no attempt yet.
    Duration guard(int older) {
        Duration all = guardStep.multipliedBy(older);
        return all.compareTo(LONGEST_GUARD) < 0 ? all : LONGEST_GUARD;
    }
}
