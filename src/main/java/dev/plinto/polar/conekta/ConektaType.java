package dev.plinto.polar.conekta;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The event types of Conekta that this release knows, and what each carries. Conekta's schema lists a few of them; the
/// others are in its documentation and in the tests of its clients.
enum ConektaType {
    WEBHOOK_PING("webhook_ping", Carries.NOTHING_WE_KEEP),
    ORDER_CREATED("order.created", Carries.AN_ORDER),
    ORDER_PENDING_PAYMENT("order.pending_payment", Carries.AN_ORDER),
    ORDER_PAID("order.paid", Carries.AN_ORDER),
    ORDER_DECLINED("order.declined", Carries.AN_ORDER),
    ORDER_EXPIRED("order.expired", Carries.AN_ORDER),
    ORDER_CANCELED("order.canceled", Carries.AN_ORDER),
    ORDER_REFUNDED("order.refunded", Carries.AN_ORDER),
    ORDER_PARTIALLY_REFUNDED("order.partially_refunded", Carries.AN_ORDER),
    SUBSCRIPTION_CREATED("subscription.created", Carries.A_SUBSCRIPTION),
    SUBSCRIPTION_UPDATED("subscription.updated", Carries.A_SUBSCRIPTION),
    SUBSCRIPTION_PAID("subscription.paid", Carries.A_SUBSCRIPTION),
    SUBSCRIPTION_PAYMENT_FAILED("subscription.payment_failed", Carries.A_SUBSCRIPTION),
    SUBSCRIPTION_PAUSED("subscription.paused", Carries.A_SUBSCRIPTION),
    SUBSCRIPTION_RESUMED("subscription.resumed", Carries.A_SUBSCRIPTION),
    SUBSCRIPTION_CANCELED("subscription.canceled", Carries.A_SUBSCRIPTION),
    SUBSCRIPTION_EXPIRED("subscription.expired", Carries.A_SUBSCRIPTION),
    CHARGE_CREATED("charge.created", Carries.NOTHING_WE_KEEP),
    CHARGE_PAID("charge.paid", Carries.NOTHING_WE_KEEP),
    CHARGE_REFUNDED("charge.refunded", Carries.NOTHING_WE_KEEP),
    CHARGE_DECLINED("charge.declined", Carries.NOTHING_WE_KEEP),
    CHARGE_CANCELED("charge.canceled", Carries.NOTHING_WE_KEEP),
    CHARGE_EXPIRED("charge.expired", Carries.NOTHING_WE_KEEP),
    CHARGE_REVERSED("charge.reversed", Carries.NOTHING_WE_KEEP),
    CHARGE_PREAUTHORIZED("charge.preauthorized", Carries.NOTHING_WE_KEEP),
    CHARGE_PENDING_CONFIRMATION("charge.pending_confirmation", Carries.NOTHING_WE_KEEP),
    CHARGE_UNDER_FRAUD_REVIEW("charge.under_fraud_review", Carries.NOTHING_WE_KEEP),
    CHARGE_FRAUDULENT("charge.fraudulent", Carries.NOTHING_WE_KEEP);

    /// What the statements of an event are about.
    enum Carries {
        AN_ORDER, A_SUBSCRIPTION,
        /// A charge is one attempt to pay an order, or a part of it. It does not say whether the order is paid or
        /// refunded as a whole, and that decides: the order's own events say it.
        NOTHING_WE_KEEP
    }

    private static final Map<String, ConektaType> BY_NAME = Arrays.stream(values())
            .collect(Collectors.toMap(ConektaType::wireName, Function.identity()));

    private final String wireName;
    private final Carries carries;

    ConektaType(String wireName, Carries carries) {
        this.wireName = wireName;
        this.carries = carries;
    }

    /// As Conekta writes it.
    String wireName() {
        return wireName;
    }

    Carries carries() {
        return carries;
    }

    /// Empty for a type that this release does not know.
    static Optional<ConektaType> of(String wireName) {
        return Optional.ofNullable(BY_NAME.get(wireName));
    }
}
