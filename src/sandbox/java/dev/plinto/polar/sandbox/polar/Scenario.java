package dev.plinto.polar.sandbox.polar;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The ten scenarios that can be played for one organization, by the names used in requests.
public enum Scenario {
    /// The organization buys Pro, also if it has a subscription already.
    PURCHASE,
    /// The organization tries Pro for two weeks.
    TRIAL,
    /// The subscription is cancelled, and runs to the end of the paid period.
    CANCEL_AT_PERIOD_END,
    /// The cancellation is withdrawn.
    UNCANCEL,
    /// A month has passed and the next one is paid.
    RENEWAL,
    /// A month has passed and the payment for the next one failed.
    PAYMENT_FAILED,
    /// The failed payment was collected later.
    PAYMENT_RECOVERED,
    /// From Pro to Team, or back.
    PLAN_CHANGE,
    /// The subscription ends at once.
    REVOKED,
    /// The newest payment is refunded; access remains, since a refund alone ends no subscription.
    REFUND;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Scenario> fromWireName(String name) {
        return Arrays.stream(values()).filter(scenario -> scenario.wireName().equals(name)).findFirst();
    }
}
