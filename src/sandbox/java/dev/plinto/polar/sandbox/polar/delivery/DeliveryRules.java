package dev.plinto.polar.sandbox.polar.delivery;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How patient Polar is: `server/polar/webhook/tasks.py` and Dramatiq's back-off.
///
/// @param timeout of one request, by the machine's clock; everything else goes by [PolarClock]
/// @param attempts for one event, all in all
/// @param guardStep how long an event waits for each older one that had no attempt yet, before it looks again
/// @param workers requests that are made at the same time
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
            throw new IllegalArgumentException("at least one attempt by at least one worker");
        }
    }

    public static DeliveryRules polars() {
        return new DeliveryRules(
                Duration.ofSeconds(10), 10, Duration.ofSeconds(2), Duration.ofMinutes(20), Duration.ofMillis(300), 8);
    }

    public DeliveryRules withWorkers(int number) {
        return new DeliveryRules(timeout, attempts, backoffFactor, longestBackoff, guardStep, number);
    }

    public DeliveryRules withTimeout(Duration patience) {
        return new DeliveryRules(patience, attempts, backoffFactor, longestBackoff, guardStep, workers);
    }

    public DeliveryRules withGuardStep(Duration step) {
        return new DeliveryRules(timeout, attempts, backoffFactor, longestBackoff, step, workers);
    }

    /// Before the next attempt, after so many that failed: twice as long each time, less up to half of it by chance. So
    /// 4 to 8 s, 8 to 16 s, and at last 10 to 20 min.
    Duration backoff(int attempted, RandomGenerator random) {
        Duration doubled = backoffFactor.multipliedBy(1L << Math.min(attempted + 1, 20));
        long longest = Math.min(doubled.toMillis(), longestBackoff.toMillis());
        return Duration.ofMillis(longest / 2 + (long) (longest / 2.0 * random.nextDouble()));
    }

    /// While `older` events had no attempt yet.
    Duration guard(int older) {
        Duration all = guardStep.multipliedBy(older);
        return all.compareTo(LONGEST_GUARD) < 0 ? all : LONGEST_GUARD;
    }
}
