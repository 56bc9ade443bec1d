package dev.plinto.polar.sandbox.polar;

import static dev.plinto.polar.sandbox.polar.BusinessFault.CARD_DECLINED;
import static dev.plinto.polar.sandbox.polar.BusinessFault.CARD_NEEDS_ACTION;
import static dev.plinto.polar.sandbox.polar.BusinessFault.PAYMENT_NOT_READY;

import java.time.Instant;
import java.util.UUID;

/// The pauses of subscriptions that somebody asks for. Each action emits the events that its first line lists, then
/// what [Subscriptions] says.
public final class Pauses {

    private final SubscriptionLookup lookup;
    private final Subscriptions subscriptions;
    private final Emissions emissions;
    private final BusinessFaults faults;

    Pauses(SubscriptionLookup lookup, Subscriptions subscriptions, Emissions emissions, BusinessFaults faults) {
        this.lookup = lookup;
        this.subscriptions = subscriptions;
        this.emissions = emissions;
        this.faults = faults;
    }

    /// `subscription.updated`; it takes effect at the end of the period, and lasts until `resumesAt`, which may be
    /// null.
    ///
    /// @throws Refusal if it is not active, or about to be paused or canceled
    /// @throws InvalidFields if it would resume before it is paused
    public void pauseAtPeriodEnd(UUID id, Instant resumesAt) {
        Subscription subscription = lookup.find(id);
        if (subscription.status != SubscriptionStatus.ACTIVE || subscription.cancelAtPeriodEnd
                || subscription.pauseAtPeriodEnd) {
            throw new Refusal(409, "CannotPauseSubscription", "This subscription cannot be paused.");
        }
        if (resumesAt != null && !resumesAt.isAfter(subscription.currentPeriodEnd)) {
            throw InvalidFields.of("resumes_at must be after the current period end.", "resumes_at");
        }
        plan(subscription, true, resumesAt);
    }

    /// The pause that was to come is withdrawn: `subscription.updated`.
    ///
    /// @throws Refusal if none is to come
    public void withdraw(UUID id) {
        Subscription subscription = lookup.find(id);
        if (!subscription.pauseAtPeriodEnd) {
            throw new Refusal(409, "NoScheduledPause", "This subscription is not scheduled to be paused.");
        }
        plan(subscription, false, null);
    }

    /// A new period begins now, and is paid: `subscription.updated`, `.resumed`, `order.created`, `.updated`, `.paid`.
    ///
    /// @throws Refusal if it is not paused, or the payment fails
    public void resume(UUID id) {
        if (lookup.find(id).status != SubscriptionStatus.PAUSED) {
            throw new Refusal(409, "NotPausedSubscription", "This subscription is not paused.");
        }
        faults.refuse(id, PAYMENT_NOT_READY, CARD_DECLINED, CARD_NEEDS_ACTION);
        subscriptions.resume(id);
    }

    private void plan(Subscription subscription, boolean pause, Instant resumesAt) {
        subscription.modifiedAt = emissions.next();
        subscription.pauseAtPeriodEnd = pause;
        subscription.resumesAt = resumesAt;
        subscriptions.emit(subscription, "updated");
        subscriptions.settle(subscription);
    }
}
