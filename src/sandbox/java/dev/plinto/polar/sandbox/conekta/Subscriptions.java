package dev.plinto.polar.sandbox.conekta;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Subscriptions: a customer may have many. Each payment is an order of its own.
public final class Subscriptions {

    private final ConektaState state;
    private final Ids ids;
    private final Journal journal;
    private final Payloads payloads;
    private final Charges charges;

    Subscriptions(ConektaState state, Ids ids, Journal journal, Payloads payloads, Charges charges) {
        this.state = state;
        this.ids = ids;
        this.journal = journal;
        this.payloads = payloads;
        this.charges = charges;
    }

    /// The ids of a customer's subscriptions, oldest first.
    public List<String> of(String customerId) {
        return state.subscriptions.values().stream()
                .filter(subscription -> subscription.customerId.equals(customerId))
                .map(subscription -> subscription.id)
                .toList();
    }

    /// The subscription that this order has begun or renewed; empty if there is none.
    public Optional<String> ofOrder(String orderId) {
        return state.subscriptions.values().stream()
                .filter(subscription -> orderId.equals(subscription.lastBillingCycleOrderId))
                .map(subscription -> subscription.id)
                .findFirst();
    }

    public SubscriptionStatus status(String id) {
        return find(id).status;
    }

    /// Until when the subscription is paid.
    public Instant billingCycleEnd(String id) {
        return find(id).billingCycleEnd;
    }

    /// With a card that the customer has saved: `subscription.created`; without a trial then `charge.created`,
    /// `charge.paid`, `order.paid`, `subscription.paid`.
    ///
    /// @param cardId null for the customer's first card
    /// @param trialEnd null for the plan's own trial
    /// @throws Refusal (404) for an unknown customer or plan, (422) if the customer has no such card
    public String create(String customerId, String planId, String cardId, Instant trialEnd) {
        Customer customer = ConektaState.find(state.customers, customerId);
        Plan plan = ConektaState.find(state.plans, planId);
        Subscription subscription = new Subscription(ids.next("sub"), customerId, plan, journal.now());
        subscription.cardId = card(customer, cardId);
        begin(subscription, trialEnd == null ? trialEnd(plan) : trialEnd);
        if (subscription.status == SubscriptionStatus.ACTIVE) {
            Journal.Change change = change(subscription);
            pay(subscription, newOrder(subscription));
            change.emit("subscription.paid");
        }
        return subscription.id;
    }

    /// The next cycle begins, and is paid: `charge.created`, `charge.paid`, `order.paid`, `subscription.paid`.
    ///
    /// @throws Refusal (428) unless it is active or in its trial
    public void renew(String id) {
        Subscription subscription = find(id);
        require(subscription, SubscriptionStatus.ACTIVE, SubscriptionStatus.IN_TRIAL);
        renew(subscription);
    }

    /// The bank declines the next cycle: `charge.created`, `charge.declined`, `subscription.payment_failed`. It
    /// declines [retries][#retry(String)] too, until [#coverCard(String)].
    ///
    /// @throws Refusal (428) unless it is active or in its trial
    public void failToRenew(String id) {
        Subscription subscription = find(id);
        require(subscription, SubscriptionStatus.ACTIVE, SubscriptionStatus.IN_TRIAL);
        subscription.cardDeclines = true;
        fail(subscription);
    }

    /// Tries to collect the due payment again: as [#renew(String)] or as [#failToRenew(String)]; when the plan's
    /// retries are used up, `subscription.canceled` follows.
    ///
    /// @throws Refusal (428) unless a payment is due
    public void retry(String id) {
        Subscription subscription = find(id);
        require(subscription, SubscriptionStatus.PAST_DUE);
        if (!subscription.cardDeclines) {
            renew(subscription);
            return;
        }
        fail(subscription);
        if (subscription.failedPayments > subscription.plan.retries()) {
            cancel(subscription, "payment_failed");
        }
    }

    /// From now on the bank accepts the card.
    public void coverCard(String id) {
        find(id).cardDeclines = false;
    }

    /// `subscription.paused`.
    ///
    /// @throws Refusal (428) unless it is active or in its trial
    public void pause(String id) {
        Subscription subscription = find(id);
        require(subscription, SubscriptionStatus.ACTIVE, SubscriptionStatus.IN_TRIAL);
        Journal.Change change = change(subscription);
        subscription.status = SubscriptionStatus.PAUSED;
        subscription.pausedAt = journal.now();
        change.emit("subscription.paused");
    }

    /// `subscription.resumed`.
    ///
    /// @throws Refusal (428) unless it is paused
    public void resume(String id) {
        Subscription subscription = find(id);
        require(subscription, SubscriptionStatus.PAUSED);
        Journal.Change change = change(subscription);
        subscription.status = SubscriptionStatus.ACTIVE;
        subscription.pausedAt = null;
        change.emit("subscription.resumed");
    }

    /// `subscription.canceled`. Nothing is charged any more; what was paid is told as before.
    ///
    /// @throws Refusal (428) if it is canceled already
    public void cancel(String id) {
        cancel(find(id), null);
    }

    /// No event tells of it. A null leaves what was.
    ///
    /// @throws Refusal (404) for an unknown plan, (422) if the customer has no such card, (428) if it is canceled
    public void change(String id, String planId, String cardId, Instant trialEnd) {
        Subscription subscription = find(id);
        requireLive(subscription);
        Plan plan = planId == null ? subscription.plan : ConektaState.find(state.plans, planId);
        if (cardId != null) {
            subscription.cardId = card(ConektaState.find(state.customers, subscription.customerId), cardId);
            subscription.cardDeclines = false;
        }
        subscription.plan = plan;
        if (trialEnd != null) {
            subscription.trialEnd = trialEnd;
        }
    }

    /// The first cycle, or the trial, of a subscription that a buyer has paid for.
    void begin(Order order, Charge charge, Plan plan, String cardId) {
        Subscription subscription = new Subscription(ids.next("sub"), order.customerId, plan, journal.now());
        subscription.cardId = cardId;
        subscription.chargeId = charge.id;
        subscription.lastBillingCycleOrderId = order.id;
        begin(subscription, trialEnd(plan));
        if (subscription.status == SubscriptionStatus.ACTIVE) {
            change(subscription).emit("subscription.paid");
        }
    }

    private void begin(Subscription subscription, Instant trialEnd) {
        Instant now = journal.now();
        subscription.billingCycleStart = now;
        if (trialEnd == null) {
            subscription.status = SubscriptionStatus.ACTIVE;
            subscription.billingCycleEnd = Intervals.after(now, subscription.plan);
        } else {
            subscription.status = SubscriptionStatus.IN_TRIAL;
            subscription.trialStart = now;
            subscription.trialEnd = trialEnd;
            subscription.billingCycleEnd = trialEnd;
        }
        state.subscriptions.put(subscription.id, subscription);
        journal.emitNew("subscription.created", payloads.subscription(subscription));
    }

    private void renew(Subscription subscription) {
        Journal.Change change = change(subscription);
        pay(subscription, newOrder(subscription));
        subscription.status = SubscriptionStatus.ACTIVE;
        subscription.failedPayments = 0;
        subscription.billingCycleStart = subscription.billingCycleEnd;
        subscription.billingCycleEnd = Intervals.after(subscription.billingCycleStart, subscription.plan);
        change.emit("subscription.paid");
    }

    private void pay(Subscription subscription, Order order) {
        Charge charge = charges.begin(order, PaymentMethod.CARD, last4(subscription));
        charges.settle(order, charge);
        subscription.chargeId = charge.id;
        subscription.lastBillingCycleOrderId = order.id;
    }

    private void fail(Subscription subscription) {
        Journal.Change change = change(subscription);
        Order order = newOrder(subscription);
        charges.decline(order, charges.begin(order, PaymentMethod.CARD, last4(subscription)));
        subscription.status = SubscriptionStatus.PAST_DUE;
        subscription.failedPayments++;
        change.emit("subscription.payment_failed");
    }

    private void cancel(Subscription subscription, String reason) {
        requireLive(subscription);
        Journal.Change change = change(subscription);
        subscription.status = SubscriptionStatus.CANCELED;
        subscription.canceledAt = journal.now();
        subscription.canceledReason = reason;
        change.emit("subscription.canceled");
    }

    private Order newOrder(Subscription subscription) {
        Plan plan = subscription.plan;
        Order order = new Order(ids.next("ord"), journal.now(), plan.currency(),
                List.of(new LineItem(plan.name(), plan.amount(), 1)));
        Orders.setCustomer(order, ConektaState.find(state.customers, subscription.customerId));
        state.orders.put(order.id, order);
        return order;
    }

    private Instant trialEnd(Plan plan) {
        return plan.trialPeriodDays() == null || plan.trialPeriodDays() == 0
                ? null
                : journal.now().plus(Duration.ofDays(plan.trialPeriodDays()));
    }

    private String last4(Subscription subscription) {
        return state.customers.get(subscription.customerId).cards.stream()
                .filter(card -> card.id().equals(subscription.cardId))
                .map(Customer.Card::last4)
                .findFirst().orElse("0000");
    }

    private static String card(Customer customer, String id) {
        return customer.cards.stream().map(Customer.Card::id).filter(card -> id == null || card.equals(id)).findFirst()
                .orElseThrow(() -> Refusal.invalid("card_id", "the customer has no such card"));
    }

    private Journal.Change change(Subscription subscription) {
        return journal.change(() -> payloads.subscription(subscription));
    }

    private Subscription find(String id) {
        return ConektaState.find(state.subscriptions, id);
    }

    private static void requireLive(Subscription subscription) {
        if (subscription.status == SubscriptionStatus.CANCELED) {
            throw Refusal.precondition("The subscription is canceled.");
        }
    }

    private static void require(Subscription subscription, SubscriptionStatus... any) {
        if (!List.of(any).contains(subscription.status)) {
            throw Refusal.precondition("The subscription is " + subscription.status.wireName() + ".");
        }
    }
}
