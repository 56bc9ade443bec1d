package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Event;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.polar.EventType;
import java.util.Locale;
import java.util.Optional;

/// What an event says of money that was to be collected.
enum Payment {
    PAID, FAILED;

    /// A trial's order is paid too, with nothing. Polar tells a first payment that failed by no event of an order or a
    /// subscription, since neither comes about.
    static Optional<Payment> of(Event event) {
        String type = event.cause().eventType();
        if (type.equals(EventType.SUBSCRIPTION_PAST_DUE.wireName())) {
            return Optional.of(FAILED);
        }
        boolean paid = type.equals(EventType.ORDER_PAID.wireName()) && event.statements().stream()
                .anyMatch(known -> known instanceof Order order
                        && order.facts().find(Order.TOTAL_AMOUNT).filter(amount -> amount > 0).isPresent());
        return paid ? Optional.of(PAID) : Optional.empty();
    }

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
