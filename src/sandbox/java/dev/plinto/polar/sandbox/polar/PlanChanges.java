package dev.plinto.polar.sandbox.polar;

import static dev.plinto.polar.sandbox.polar.BusinessFault.CARD_DECLINED;
import static dev.plinto.polar.sandbox.polar.BusinessFault.CARD_NEEDS_ACTION;
import static dev.plinto.polar.sandbox.polar.BusinessFault.PAYMENT_NOT_READY;

import dev.plinto.polar.sandbox.polar.SubscriptionTerms.NewTerms;
import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;

/// Changes of the product or the seats of a subscription: `subscription.updated`; if they are charged at once,
/// `order.created`, `.updated`, `.paid`, and `.updated` for the invoice; then `benefit_grant.…` for each affected
/// grant, `customer.state_changed`.
///
/// `proration` says when a change is charged: `invoice` at once, `prorate` (the default) with the next order,
/// `next_period` never, since the change waits for the next period. A change to another interval begins a period, and
/// is charged at once. During a trial nothing is charged; a product without a trial ends it.
public final class PlanChanges {

    private final SimulatedState state;
    private final Subscriptions subscriptions;
    private final SubscriptionTerms terms;
    private final Targets targets;
    private final Seats seats;
    private final Orders orders;
    private final Emissions emissions;
    private final BusinessFaults faults;

    PlanChanges(
            SimulatedState state, Subscriptions subscriptions, SubscriptionTerms terms, Seats seats, Orders orders,
            Emissions emissions, BusinessFaults faults) {
        this.state = state;
        this.subscriptions = subscriptions;
        this.terms = terms;
        targets = new Targets(state, seats);
        this.seats = seats;
        this.orders = orders;
        this.emissions = emissions;
        this.faults = faults;
    }

    /// To another product, with other terms (no end of the trial) at the same time.
    ///
    /// @throws Refusal if the subscription is canceled or paused, or the payment fails
    /// @throws InvalidFields if a subscription cannot change to the product, or the terms are wrong
    public void changeProduct(UUID id, UUID product, String proration, NewTerms others) {
        Subscription subscription = targets.changeable(id);
        Proration when = Proration.of(proration);
        Product target = targets.product(subscription, product);
        terms.check(subscription, others);
        if (when == Proration.NEXT_PERIOD) {
            terms.set(subscription, others);
            schedule(subscription, product, null);
            return;
        }
        Instant trialEnd = trialEnd(subscription, target);
        if (subscription.status != SubscriptionStatus.TRIALING) {
            charge(subscription, target, subscription.seats, when, () -> {
                terms.set(subscription, others);
                subscription.pendingUpdate = null;
            });
            return;
        }
        subscription.switchTo(target);
        subscription.pendingUpdate = null;
        terms.set(subscription, others);
        if (trialEnd == null) {
            terms.endTrial(subscription);
        } else {
            terms.moveTrialEnd(subscription, trialEnd);
            tell(subscription);
        }
    }

    /// To another number of seats.
    ///
    /// @throws Refusal if the subscription is canceled, paused or has no seats, or cannot have so many or so few, or
    ///     the payment fails
    public void changeSeats(UUID id, int wanted, String proration) {
        Subscription subscription = targets.changeable(id);
        targets.checkSeats(subscription, wanted);
        Proration when = Proration.of(proration);
        if (wanted == subscription.seats) {
            withdrawSeats(subscription);
            tell(subscription);
        } else if (when == Proration.NEXT_PERIOD) {
            schedule(subscription, null, wanted);
        } else {
            Product product = SimulatedState.find(state.products, subscription.productId);
            charge(subscription, product, wanted, when, () -> withdrawSeats(subscription));
        }
    }

    /// What waits for the next period is withdrawn: `subscription.updated`.
    ///
    /// @throws InvalidFields if nothing waits
    public void withdraw(UUID id) {
        Subscription subscription = SimulatedState.find(state.subscriptions, id);
        if (subscription.pendingUpdate == null) {
            throw InvalidFields.of("This subscription has no pending update to clear.", "pending_update");
        }
        subscription.pendingUpdate = null;
        tell(subscription);
    }

    /// What is null stays as it is scheduled.
    private void schedule(Subscription subscription, UUID product, Integer newSeats) {
        Subscription.PendingUpdate old = subscription.pendingUpdate;
        Instant now = emissions.next();
        subscription.pendingUpdate = new Subscription.PendingUpdate(
                old == null ? emissions.newId() : old.id(), old == null ? now : old.createdAt(),
                old == null ? null : now, subscription.currentPeriodEnd,
                product == null && old != null ? old.productId() : product,
                newSeats == null && old != null ? old.seats() : newSeats, null);
        tell(subscription);
    }

    /// A scheduled change of the product stays.
    private static void withdrawSeats(Subscription subscription) {
        Subscription.PendingUpdate pending = subscription.pendingUpdate;
        subscription.pendingUpdate = pending == null || pending.productId() == null
                ? null
                : new Subscription.PendingUpdate(
                        pending.id(), pending.createdAt(), pending.modifiedAt(), pending.appliesAt(),
                        pending.productId(), null, null);
    }

    private void charge(
            Subscription subscription, Product product, Integer newSeats, Proration when, Runnable further) {
        Instant now = emissions.next();
        boolean newPeriod = !subscription.hasIntervalOf(product);
        Product before = SimulatedState.find(state.products, subscription.productId);
        Proration.Change change = new Proration.Change(
                Proration.Part.of(subscription, before),
                new Proration.Part(
                        product, product.price().amount(newSeats),
                        newPeriod ? now : subscription.currentPeriodStart,
                        newPeriod ? Intervals.after(now, product) : subscription.currentPeriodEnd),
                now);
        boolean atOnce = newPeriod || when == Proration.INVOICE;
        if (atOnce && change.cost() > 0) {
            requirePayment(subscription);
        }
        subscription.seats = newSeats;
        subscription.switchTo(product);
        subscription.currentPeriodStart = change.changed().start();
        subscription.currentPeriodEnd = change.changed().end();
        further.run();
        subscription.modifiedAt = now;
        subscriptions.emit(subscription, "updated");
        if (atOnce && !change.isFree()) {
            Order order = orders.createOfChange(subscription, change.items(emissions));
            orders.pay(order);
            orders.writeInvoice(order);
        } else if (!change.isFree()) {
            state.owed.computeIfAbsent(subscription.id, none -> new ArrayList<>()).addAll(change.items(emissions));
        }
        seats.align(subscription);
        subscriptions.settle(subscription);
    }

    private void requirePayment(Subscription subscription) {
        faults.refuse(subscription.id, PAYMENT_NOT_READY, CARD_DECLINED, CARD_NEEDS_ACTION);
        if (SimulatedState.find(state.customers, subscription.customerId).defaultPaymentMethodId == null) {
            throw new Refusal(402, "PaymentFailed", "The customer has no payment method.");
        }
    }

    /// When the trial ends with this product; null if now.
    private Instant trialEnd(Subscription subscription, Product product) {
        if (product.trialInterval() == null || subscription.trialStart == null) {
            return null;
        }
        Instant end = Intervals.after(
                subscription.trialStart, product.trialInterval(), product.trialIntervalCount());
        return end.isAfter(emissions.now()) ? end : null;
    }

    private void tell(Subscription subscription) {
        subscription.modifiedAt = emissions.next();
        subscriptions.emit(subscription, "updated");
        seats.align(subscription);
        subscriptions.settle(subscription);
    }
}
