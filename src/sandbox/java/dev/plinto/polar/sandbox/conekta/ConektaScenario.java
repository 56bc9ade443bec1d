package dev.plinto.polar.sandbox.conekta;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// A course of events of [ConektaScenarios], by the name with which it is triggered.
public enum ConektaScenario {
    MEXICO_PURCHASE, OXXO_PENDING_THEN_PAID, SPEI_EXPIRED, CONEKTA_RENEWAL, CONEKTA_PAYMENT_FAILED_THEN_CANCELED;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<ConektaScenario> fromWireName(String name) {
        return Arrays.stream(values()).filter(scenario -> scenario.wireName().equals(name)).findFirst();
    }

    public ConektaScenarios.Played play(ConektaScenarios player, String organizationId) {
        return switch (this) {
            case MEXICO_PURCHASE -> player.mexicoPurchase(organizationId);
            case OXXO_PENDING_THEN_PAID -> player.oxxoPendingThenPaid(organizationId);
            case SPEI_EXPIRED -> player.speiExpired(organizationId);
            case CONEKTA_RENEWAL -> player.renewal(organizationId);
            case CONEKTA_PAYMENT_FAILED_THEN_CANCELED -> player.paymentFailedThenCanceled(organizationId);
        };
    }
}
