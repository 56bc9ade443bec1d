package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Benefit;
import dev.plinto.polar.entitlement.Checkout;
import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.CustomerMeter;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Member;
import dev.plinto.polar.entitlement.Meter;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Product;
import dev.plinto.polar.entitlement.Seat;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.TrackedObject;
import java.util.Collection;

/// Wakes whoever waits for a purchase to count (`NOTIFY purchases`) after a transaction without a message for the
/// outbox; one with a message has the outbox's own signal, so it costs no further statement.
final class PurchaseSignal {

    static void send(OpenTransaction transaction, Collection<TrackedObject> changed) {
        if (changed.stream().anyMatch(PurchaseSignal::isOfPurchase)) {
            transaction.send("NOTIFY purchases");
        }
    }

    private static boolean isOfPurchase(TrackedObject object) {
        return switch (object) {
            case Checkout checkout -> true;
            case Order order -> true;
            case Subscription subscription -> true;
            case Grant grant -> true;
            case Product product -> true;
            case Customer customer -> false;
            case Benefit benefit -> false;
            case Member member -> false;
            case Seat seat -> false;
            case Meter meter -> false;
            case CustomerMeter meter -> false;
        };
    }

    private PurchaseSignal() {}
}
