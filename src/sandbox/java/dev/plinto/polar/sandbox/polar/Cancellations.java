package dev.plinto.polar.sandbox.polar;

import static dev.plinto.polar.sandbox.polar.SubscriptionStatus.PAUSED;

import java.util.List;
import java.util.UUID;

/// The ends of subscriptions that somebody asks for. Each action emits the events that its first line lists, then what
/// [Subscriptions] says.
public final class Cancellations {

    private final SubscriptionLookup lookup;
    private final Subscriptions subscriptions;
    private final Orders orders;
    private final Emissions emissions;

    Cancellations(SubscriptionLookup lookup, Subscriptions subscriptions, Orders orders, Emissions emissions) {
        this.lookup = lookup;
        this.subscriptions = subscriptions;
        this.orders = orders;
        this.emissions = emissions;
    }

    /// Why, in the customer's words; each may be null.
    public record Reason(String reason, String comment) {

        public static final Reason NONE = new Reason(null, null);
    }

    /// `subscription.updated`, `.canceled`; access lasts until the end of the period.
    ///
    /// @throws Refusal if it is canceled already, or paused
    public void cancelAtPeriodEnd(UUID id, Reason why) {
        Subscription subscription = lookup.find(id);
        if (!subscription.billable() || subscription.cancelAtPeriodEnd) {
            throw alreadyCanceled();
        }
        subscription.cancelAtPeriodEnd(emissions.next(), why);
        subscriptions.emit(subscription, "updated", "canceled");
        subscriptions.settle(subscription);
    }

    /// `subscription.updated`, `.uncanceled`
    ///
    /// @throws Refusal if it is over, or not canceled
    public void uncancel(UUID id) {
        Subscription subscription = lookup.find(id);
        if (subscription.ended()) {
            throw new Refusal(410, "ResourceUnavailable", "The subscription has ended.");
        }
        if (!subscription.cancelAtPeriodEnd) {
            throw new Refusal(409, "SubscriptionNotScheduledToCancel",
                    "This subscription is not scheduled to be canceled.");
        }
        subscriptions.uncancel(id);
    }

    /// `subscription.updated`, `.canceled`, `.revoked`; `order.updated` for each order that is due, which becomes void.
    ///
    /// @throws Refusal if it is over
    public void revoke(UUID id, Reason why) {
        Subscription subscription = lookup.find(id);
        if (!subscription.billable() && subscription.status != PAUSED) {
            throw alreadyCanceled();
        }
        List<Order> due = orders.dueOf(subscription);
        subscription.explain(why);
        subscriptions.end(subscription, false);
        due.forEach(orders::annul);
        subscriptions.settle(subscription);
    }

    static Refusal alreadyCanceled() {
        return new Refusal(403, "AlreadyCanceledSubscription",
                "This subscription is already canceled or will be at the end of the period.");
    }
}
