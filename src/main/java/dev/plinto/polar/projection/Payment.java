package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Event;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.polar.EventType;
import java.util.Locale;
import java.util.Optional;

/// The outcome of a payment that an event reports.
enum Payment {
    PAID, FAILED;

    /// An order of 0, such as a trial's, is no payment. A first payment that fails is not counted: Polar creates
    /// neither an order nor a subscription for it, and sends no event.
    static Optional<Payment> of(Event event) {
        String type = event.cause().eventType();
        if (type.equals(EventType.SUBSCRIPTION_PAST_DUE.wireName())) {
            return Optional.of(FAILED);
        }
        boolean paid = type.equals(EventType.ORDER_PAID.wireName()) && event.statements().stream()
                .anyMatch(statement -> statement instanceof Order order
                        && order.facts().find(Order.TOTAL_AMOUNT).filter(amount -> amount > 0).isPresent());
        return paid ? Optional.of(PAID) : Optional.empty();
    }

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
