package dev.plinto.polar.sandbox.polar;

import static dev.plinto.polar.sandbox.polar.SubscriptionLookup.require;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// The life of a subscription after its purchase. Each action emits the events that its first line lists, in this
/// order; then `order.updated` for the invoice of each order that was paid, `benefit_grant.…` for each affected grant,
/// `customer.state_changed`.
///
/// An action that is impossible in the subscription's state throws [IllegalStateException] and emits nothing.
public final class Subscriptions {

    private final SimulatedState state;
    private final SubscriptionLookup lookup;
    private final Payloads payloads;
    private final Emissions emissions;
    private final Orders orders;
    private final Seats seats;
    private final Grants grants;

    Subscriptions(
            SimulatedState state, Payloads payloads, Emissions emissions, Orders orders, Seats seats, Grants grants) {
        this.state = state;
        lookup = new SubscriptionLookup(state);
        this.payloads = payloads;
        this.emissions = emissions;
        this.orders = orders;
        this.seats = seats;
        this.grants = grants;
    }

    /// The subscriptions of a customer, oldest first.
    public List<UUID> of(UUID customer) {
        return state.subscriptions.values().stream()
                .filter(subscription -> subscription.customerId.equals(customer))
                .map(subscription -> subscription.id)
                .toList();
    }

    public SubscriptionStatus status(UUID id) {
        return lookup.find(id).status;
    }

    /// Whether it is cancelled and still runs to the end of its period.
    public boolean cancelling(UUID id) {
        return lookup.find(id).cancelAtPeriodEnd && !lookup.find(id).ended();
    }

    public boolean pausing(UUID id) {
        return lookup.find(id).pauseAtPeriodEnd;
    }

    public boolean hasSeats(UUID id) {
        return lookup.find(id).seats != null;
    }

    public UUID product(UUID id) {
        return lookup.find(id).productId;
    }

    public Map<String, Object> metadata(UUID id) {
        return Map.copyOf(lookup.find(id).metadata);
    }

    /// `subscription.updated`, `.canceled`; access lasts until [#endPeriod(UUID)].
    public void cancelAtPeriodEnd(UUID id) {
        Subscription subscription = lookup.running(id);
        require(!subscription.cancelAtPeriodEnd, "the subscription is already cancelled");
        subscription.cancelAtPeriodEnd(emissions.next(), new Cancellations.Reason("unused", null));
        emit(subscription, "updated", "canceled");
        grants.emitState(subscription.customerId);
    }

    /// `subscription.updated`, `.uncanceled`
    public void uncancel(UUID id) {
        Subscription subscription = lookup.running(id);
        require(subscription.cancelAtPeriodEnd, "the subscription is not cancelled");
        subscription.uncancel(emissions.next());
        emit(subscription, "updated", "uncanceled");
        grants.emitState(subscription.customerId);
    }

    /// The period of a cancelled subscription is over: `subscription.updated`, `.canceled`, `.revoked`.
    public void endPeriod(UUID id) {
        Subscription subscription = lookup.running(id);
        require(subscription.cancelAtPeriodEnd, "the subscription is not cancelled");
        end(subscription, true);
        settle(subscription);
    }

    /// Ends at once, by the merchant or after the last attempt to collect a payment: `subscription.updated`,
    /// `.canceled`, `.revoked`.
    public void revoke(UUID id) {
        Subscription subscription = lookup.find(id);
        require(!subscription.ended(), "the subscription has ended");
        end(subscription, false);
        settle(subscription);
    }

    /// Polar's staff reinstate an ended subscription, so `canceled` is not final: `subscription.updated`, `.active`.
    public void reinstate(UUID id) {
        Subscription subscription = lookup.find(id);
        require(subscription.ended(), "the subscription has not ended");
        subscription.reinstate(emissions.next());
        emit(subscription, "updated", "active");
        settle(subscription);
    }

    /// The next period begins and is paid: `subscription.cycled`, `.updated`, `order.created`, `.updated`, `.paid`. A
    /// trial becomes a paid subscription, and a pending change of plan takes effect.
    ///
    /// @return the order
    public UUID renew(UUID id) {
        Subscription subscription = lookup.renewable(id);
        beginPeriod(subscription);
        emit(subscription, "cycled", "updated");
        Order order = orders.createPending("subscription_cycle", subscription);
        orders.pay(order);
        orders.writeInvoice(order);
        grants.cycle(subscription);
        settle(subscription);
        return order.id;
    }

    /// The next period begins and its payment fails: `subscription.cycled`, `.updated`, `order.created`, then
    /// `subscription.updated`, `.past_due`.
    ///
    /// @return the order, which stays pending
    public UUID failToRenew(UUID id) {
        Subscription subscription = lookup.renewable(id);
        beginPeriod(subscription);
        emit(subscription, "cycled", "updated");
        Order order = orders.createPending("subscription_cycle", subscription);
        subscription.fallDue(emissions.advance(Duration.ofMillis(400), Duration.ofMillis(2_000)));
        order.nextPaymentAttemptAt = Dunning.attemptAfter(subscription.pastDueAt, subscription.pastDueAt).orElseThrow();
        emit(subscription, "updated", "past_due");
        settle(subscription);
        return order.id;
    }

    /// A further attempt to collect the payment of this order fails, of which no event tells. After the last one the
    /// subscription ends: `subscription.updated`, `.canceled`, `.revoked`.
    void retryPayment(UUID orderId) {
        Order order = SimulatedState.find(state.orders, orderId);
        Subscription subscription = lookup.find(order.subscriptionId);
        Instant attempt = order.nextPaymentAttemptAt;
        order.modifiedAt = emissions.next();
        order.nextPaymentAttemptAt = Dunning.attemptAfter(attempt, subscription.pastDueAt).orElse(null);
        if (order.nextPaymentAttemptAt == null) {
            revoke(subscription.id);
        }
    }

    /// A later attempt to collect the payment succeeds: `order.updated`, `.paid`, `subscription.updated`, `.active`.
    public void recoverPayment(UUID id) {
        Subscription subscription = lookup.find(id);
        require(subscription.status == SubscriptionStatus.PAST_DUE, "no payment is due");
        List<Order> due = orders.dueOf(subscription);
        due.forEach(orders::pay);
        subscription.modifiedAt = emissions.next();
        subscription.status = SubscriptionStatus.ACTIVE;
        subscription.pastDueAt = null;
        emit(subscription, "updated", "active");
        due.forEach(orders::writeInvoice);
        settle(subscription);
    }

    /// Changes to another product at once: `subscription.updated`. Grants that the new product lacks are revoked before
    /// new ones are granted; benefits of both products remain and emit no event.
    public void changePlan(UUID id, UUID product) {
        Subscription subscription = lookup.changeable(id, product);
        subscription.modifiedAt = emissions.next();
        subscription.switchTo(SimulatedState.find(state.products, product));
        subscription.pendingUpdate = null;
        emit(subscription, "updated");
        settle(subscription);
    }

    /// Changes to another product with the next [#renew(UUID)]: `subscription.updated` with `pending_update`.
    public void changePlanAtPeriodEnd(UUID id, UUID product) {
        Subscription subscription = lookup.changeable(id, product);
        subscription.modifiedAt = emissions.next();
        subscription.pendingUpdate = new Subscription.PendingUpdate(
                emissions.newId(), subscription.modifiedAt, null, subscription.currentPeriodEnd,
                SimulatedState.find(state.products, product).id(), null, null);
        emit(subscription, "updated");
        grants.emitState(subscription.customerId);
    }

    /// `subscription.updated`; it takes effect with [#pause(UUID)].
    public void pauseAtPeriodEnd(UUID id) {
        Subscription subscription = lookup.healthy(id);
        require(!subscription.pauseAtPeriodEnd, "a pause is already pending");
        subscription.modifiedAt = emissions.next();
        subscription.pauseAtPeriodEnd = true;
        subscription.resumesAt = Subscription.monthAfter(subscription.currentPeriodEnd);
        emit(subscription, "updated");
        grants.emitState(subscription.customerId);
    }

    /// The period before a pause is over: `subscription.updated`, `.paused`.
    public void pause(UUID id) {
        Subscription subscription = lookup.healthy(id);
        require(subscription.pauseAtPeriodEnd, "no pause is pending");
        subscription.pause(emissions.next());
        emit(subscription, "updated", "paused");
        settle(subscription);
    }

    /// `subscription.updated`, `.resumed`, `order.created`, `.updated`, `.paid`.
    public void resume(UUID id) {
        Subscription subscription = lookup.find(id);
        require(subscription.status == SubscriptionStatus.PAUSED, "the subscription is not paused");
        subscription.resume(emissions.next());
        emit(subscription, "updated", "resumed");
        Order order = orders.createPending("subscription_cycle", subscription);
        orders.pay(order);
        orders.writeInvoice(order);
        settle(subscription);
    }

    /// Polar takes a running subscription over from another provider: `subscription.migrated` and no other event of the
    /// subscription.
    public UUID migrate(UUID customer, UUID product, String provider, String idThere) {
        Subscription subscription = create(null, SimulatedState.find(state.customers, customer),
                SimulatedState.find(state.products, product), Map.of());
        emissions.emit("subscription.migrated", payloads.subscription(subscription),
                envelope -> envelope.put("provider", provider).put("provider_subscription_id", idThere));
        settle(subscription);
        return subscription.id;
    }

    /// `subscription.created`, `.active` (sent for a trial as well), `.updated`.
    Subscription start(Checkout checkout, Customer customer, Product product) {
        Subscription subscription = create(checkout, customer, product, checkout.metadata);
        emit(subscription, "created", "active", "updated");
        return subscription;
    }

    /// Whether there was one to end.
    boolean endAllOf(UUID customer) {
        List<Subscription> running = state.subscriptions.values().stream()
                .filter(subscription -> subscription.customerId.equals(customer) && !subscription.ended())
                .toList();
        running.forEach(subscription -> {
            end(subscription, false);
            seats.revokeAllOf(subscription);
        });
        return !running.isEmpty();
    }

    /// Aligns who has benefits with the subscription's status and product, then `customer.state_changed`.
    void settle(Subscription subscription) {
        if (subscription.seats == null) {
            grants.align(subscription);
        } else if (!subscription.status.grantsBenefits()) {
            seats.revokeAllOf(subscription);
        }
        grants.emitState(subscription.customerId);
    }

    Subscription create(Checkout checkout, Customer customer, Product product, Map<String, ?> metadata) {
        Subscription subscription = new Subscription();
        subscription.id = emissions.newId();
        subscription.recurringInterval = product.recurringInterval();
        subscription.recurringIntervalCount = product.recurringIntervalCount();
        Instant now = emissions.next();
        subscription.start(now, checkout == null ? null : checkout.trialEnd(now));
        subscription.createdAt = emissions.next();
        subscription.customerId = customer.id;
        if (checkout != null) {
            subscription.checkoutId = checkout.id;
            subscription.seats = checkout.seats;
            subscription.discountId = checkout.discountId;
            subscription.customFieldData = checkout.customFieldData;
        }
        subscription.metadata = new TreeMap<>(metadata);
        subscription.switchTo(product);
        state.subscriptions.put(subscription.id, subscription);
        return subscription;
    }

    private void beginPeriod(Subscription subscription) {
        if (subscription.pendingUpdate != null) {
            UUID product = subscription.pendingUpdate.productId();
            subscription.applyPendingUpdate(
                    SimulatedState.find(state.products, product == null ? subscription.productId : product));
        }
        subscription.beginPeriod(emissions.next());
    }

    void end(Subscription subscription, boolean asCancelled) {
        subscription.end(emissions.next(), asCancelled);
        emit(subscription, "updated", "canceled", "revoked");
    }

    void emit(Subscription subscription, String... events) {
        for (String event : events) {
            emissions.emit("subscription." + event, payloads.subscription(subscription));
        }
    }
}
