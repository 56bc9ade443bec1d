package dev.plinto.polar.sandbox.polar;

import java.util.Locale;

/// The statuses that Polar still assigns (it also knows `incomplete`, `incomplete_expired` and `unpaid`).
public enum SubscriptionStatus {
    TRIALING, ACTIVE, PAST_DUE, PAUSED, CANCELED;

    /// Without a grace period, which is Polar's default, only these two grant benefits.
    boolean grantsBenefits() {
        return this == TRIALING || this == ACTIVE;
    }

    /// As Polar's filter `active` understands it: true if in use, false if lost, null in between.
    Boolean asActive() {
        return switch (this) {
            case TRIALING, ACTIVE -> true;
            case CANCELED -> false;
            case PAST_DUE, PAUSED -> null;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
