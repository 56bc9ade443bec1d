package dev.plinto.polar.sandbox.polar;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The ten stories that can be played on one organization, by the names under which they are asked for.
public enum Scenario {
    /// Somebody buys Pro; once more where there is a subscription already.
    PURCHASE,
    /// Somebody tries Pro for two weeks.
    TRIAL,
    /// The subscription is cancelled, and runs to the end of what was paid.
    CANCEL_AT_PERIOD_END,
    /// The cancellation is withdrawn.
    UNCANCEL,
    /// A month has passed and the next one is paid.
    RENEWAL,
    /// A month has passed and the next one could not be collected.
    PAYMENT_FAILED,
    /// What could not be collected was paid after all.
    PAYMENT_RECOVERED,
    /// From Pro to Team, or back.
    PLAN_CHANGE,
    /// The subscription ends at once.
    REVOKED,
    /// The newest payment is given back; access stays, since a refund alone ends no subscription.
    REFUND;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Scenario> fromWireName(String name) {
        return Arrays.stream(values()).filter(scenario -> scenario.wireName().equals(name)).findFirst();
    }
}
