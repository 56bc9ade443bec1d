package dev.plinto.polar.sandbox.conekta.delivery;

import java.time.Duration;

/// How Conekta retries: 13 times within about 24 hours, with pauses that double.
///
/// @param timeout of one request, by the machine's clock; all other times are by the simulation's
/// @param retries after the first attempt
/// @param workers number of concurrent requests
public record RetryRules(Duration timeout, int retries, Duration firstPause, int workers) {

    public RetryRules {
        if (retries < 0 || workers < 1) {
            throw new IllegalArgumentException("retries must be at least 0, and workers at least 1");
        }
    }

    /// The first pause is such that all 13 take 24 hours.
    public static RetryRules ofConekta() {
        return new RetryRules(Duration.ofSeconds(10), 13, Duration.ofMillis(10_550), 4);
    }

    public RetryRules withTimeout(Duration newTimeout) {
        return new RetryRules(newTimeout, retries, firstPause, workers);
    }

    /// @param attempts that have failed, from 1
    Duration pause(int attempts) {
        return firstPause.multipliedBy(1L << (attempts - 1));
    }
}
