package dev.plinto.polar.sandbox.conekta;

import java.time.Instant;
import java.util.Set;

/// What a subscription costs, in cents of its currency, and how often. `trialPeriodDays`, `expiryCount`, `maxRetries`
/// and `retryDelayHours` may be null. Trials and retries act; `expiryCount` is only told.
public record Plan(
        String id,
        Instant createdAt,
        String name,
        long amount,
        String currency,
        String interval,
        int frequency,
        Integer trialPeriodDays,
        Integer expiryCount,
        Integer maxRetries,
        Integer retryDelayHours) {

    private static final int FEWEST_RETRIES = 3;
    private static final int SHORTEST_DELAY = 48;

    /// @throws Refusal (422) if a field breaks Conekta's rules
    public Plan {
        require(amount > 0, "amount", "is at least 1 cent");
        require(Set.of("MXN", "USD").contains(currency), "currency", "is MXN or USD");
        require(Set.of("week", "half_month", "month", "year").contains(interval), "interval",
                "is one of week, half_month, month, year");
        require(frequency >= 1, "frequency", "is at least 1");
        require(trialPeriodDays == null || trialPeriodDays >= 0, "trial_period_days", "is at least 0");
        require(maxRetries == null || maxRetries >= FEWEST_RETRIES, "max_retries", "is at least 3");
        require(retryDelayHours == null || retryDelayHours >= SHORTEST_DELAY, "retry_delay_hours", "is at least 48");
    }

    /// How many retries follow a failed payment before the subscription is canceled.
    int retries() {
        return maxRetries == null ? FEWEST_RETRIES : maxRetries;
    }

    private static void require(boolean kept, String param, String rule) {
        if (!kept) {
            throw Refusal.invalid(param, param + " " + rule);
        }
    }
}
