package dev.plinto.polar.sandbox.polar;

import java.util.Locale;

/// The statuses that Polar still assigns (it also knows `incomplete`, `incomplete_expired` and `unpaid`).
public enum SubscriptionStatus {
    TRIALING, ACTIVE, PAST_DUE, PAUSED, CANCELED;

    /// With no period of grace, which is Polar's default, benefits are granted in these and in no other.
    boolean grantsBenefits() {
        return this == TRIALING || this == ACTIVE;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
