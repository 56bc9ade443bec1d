package dev.plinto.polar.conekta.api;

import java.util.Locale;

/// The operations of Conekta's API that this service uses.
public enum Operation {
    READ_ORDER, READ_SUBSCRIPTION, READ_CUSTOMER, LIST_SUBSCRIPTIONS, CANCEL_SUBSCRIPTION, PAUSE_SUBSCRIPTION,
    RESUME_SUBSCRIPTION, OPEN_PORTAL, DELETE_CUSTOMER;

    /// As written in metrics and messages.
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
