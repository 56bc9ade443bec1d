package dev.plinto.polar.sandbox.conekta;

import java.util.Locale;

public enum SubscriptionStatus {
    IN_TRIAL, ACTIVE, PAST_DUE, PAUSED, CANCELED;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
