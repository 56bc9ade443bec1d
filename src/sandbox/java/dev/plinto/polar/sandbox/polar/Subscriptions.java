package dev.plinto.polar.sandbox.polar;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// The life of a subscription after it was bought. Each action emits, in this order, what its first line says; then
/// `benefit_grant.…` for each grant that follows from it, then `customer.state_changed`.
///
/// An action that makes no sense in the subscription's state throws [IllegalStateException] and emits nothing.
public final class Subscriptions {

    private final World world;
    private final Payloads payloads;
    private final Emissions emissions;
    private final Orders orders;
    private final Grants grants;

    Subscriptions(World world, Payloads payloads, Emissions emissions, Orders orders, Grants grants) {
        this.world = world;
        this.payloads = payloads;
        this.emissions = emissions;
        this.orders = orders;
        this.grants = grants;
    }

    /// The subscriptions of a customer, oldest first.
    public List<UUID> of(UUID customer) {
        return world.subscriptions.values().stream()
                .filter(subscription -> subscription.customerId.equals(customer))
                .map(subscription -> subscription.id)
                .toList();
    }

    public SubscriptionStatus status(UUID id) {
        return find(id).status;
    }

    /// Whether it has been cancelled and still runs to the end of its period.
    public boolean cancelling(UUID id) {
        return find(id).cancelAtPeriodEnd && !find(id).ended();
    }

    public boolean pausing(UUID id) {
        return find(id).pauseAtPeriodEnd;
    }

    public UUID product(UUID id) {
        return find(id).productId;
    }

    public Map<String, String> metadata(UUID id) {
        return Map.copyOf(find(id).metadata);
    }

    /// `subscription.updated`, `.canceled`; access lasts until [#endPeriod(UUID)].
    public void cancelAtPeriodEnd(UUID id) {
        Subscription subscription = running(id);
        demand(!subscription.cancelAtPeriodEnd, "it is cancelled already");
        subscription.cancelAtPeriodEnd(emissions.next());
        tell(subscription, "updated", "canceled");
        grants.tellState(subscription.customerId);
    }

    /// `subscription.updated`, `.uncanceled`
    public void uncancel(UUID id) {
        Subscription subscription = running(id);
        demand(subscription.cancelAtPeriodEnd, "it is not cancelled");
        subscription.uncancel(emissions.next());
        tell(subscription, "updated", "uncanceled");
        grants.tellState(subscription.customerId);
    }

    /// The period of a cancelled subscription is over: `subscription.updated`, `.canceled`, `.revoked`.
    public void endPeriod(UUID id) {
        Subscription subscription = running(id);
        demand(subscription.cancelAtPeriodEnd, "it is not cancelled");
        end(subscription, true);
        grants.follow(subscription);
        grants.tellState(subscription.customerId);
    }

    /// At once, by us or after the last attempt to collect a payment: `subscription.updated`, `.canceled`, `.revoked`.
    public void revoke(UUID id) {
        Subscription subscription = find(id);
        demand(!subscription.ended(), "it has ended");
        end(subscription, false);
        grants.follow(subscription);
        grants.tellState(subscription.customerId);
    }

    /// Polar's staff bring an ended subscription back, so `canceled` is not final: `subscription.updated`, `.active`.
    public void reinstate(UUID id) {
        Subscription subscription = find(id);
        demand(subscription.ended(), "it has not ended");
        subscription.reinstate(emissions.next());
        tell(subscription, "updated", "active");
        grants.follow(subscription);
        grants.tellState(subscription.customerId);
    }

    /// The next period begins and is paid: `subscription.cycled`, `.updated`, `order.created`, `.updated`, `.paid`. A
    /// trial becomes a paid subscription, and a change of plan that was waiting takes effect.
    ///
    /// @return the order
    public UUID renew(UUID id) {
        Subscription subscription = renewable(id);
        beginPeriod(subscription);
        tell(subscription, "cycled", "updated");
        Order order = orders.demand("subscription_cycle", subscription);
        orders.pay(order);
        grants.cycle(subscription);
        grants.follow(subscription);
        grants.tellState(subscription.customerId);
        return order.id;
    }

    /// The next period begins and cannot be collected: `subscription.cycled`, `.updated`, `order.created`, then
    /// `subscription.updated`, `.past_due`.
    ///
    /// @return the order, which stays pending
    public UUID failToRenew(UUID id) {
        Subscription subscription = renewable(id);
        beginPeriod(subscription);
        tell(subscription, "cycled", "updated");
        Order order = orders.demand("subscription_cycle", subscription);
        subscription.fallDue(emissions.pass(Duration.ofMillis(400), Duration.ofMillis(2_000)));
        order.nextPaymentAttemptAt = subscription.pastDueAt.plus(Duration.ofDays(2));
        tell(subscription, "updated", "past_due");
        grants.follow(subscription);
        grants.tellState(subscription.customerId);
        return order.id;
    }

    /// A later attempt to collect the payment went through: `order.updated`, `.paid`, `subscription.updated`,
    /// `.active`.
    public void recoverPayment(UUID id) {
        Subscription subscription = find(id);
        demand(subscription.status == SubscriptionStatus.PAST_DUE, "nothing is due");
        world.orders.values().stream()
                .filter(order -> id.equals(order.subscriptionId) && !order.paid)
                .forEach(orders::pay);
        subscription.modifiedAt = emissions.next();
        subscription.status = SubscriptionStatus.ACTIVE;
        subscription.pastDueAt = null;
        tell(subscription, "updated", "active");
        grants.follow(subscription);
        grants.tellState(subscription.customerId);
    }

    /// To another product at once: `subscription.updated`. Grants that the new product does not have are revoked before
    /// any new one is given; what both have stays and is not mentioned.
    public void changePlan(UUID id, UUID product) {
        Subscription subscription = healthy(id);
        subscription.modifiedAt = emissions.next();
        subscription.take(World.find(world.products, product));
        subscription.pendingUpdate = null;
        tell(subscription, "updated");
        grants.follow(subscription);
        grants.tellState(subscription.customerId);
    }

    /// To another product with the next [#renew(UUID)]: `subscription.updated` with `pending_update`.
    public void changePlanAtPeriodEnd(UUID id, UUID product) {
        Subscription subscription = healthy(id);
        subscription.modifiedAt = emissions.next();
        subscription.pendingUpdate = new Subscription.PendingUpdate(
                emissions.newId(), subscription.modifiedAt, null, subscription.currentPeriodEnd,
                World.find(world.products, product).id(), null, null);
        tell(subscription, "updated");
        grants.tellState(subscription.customerId);
    }

    /// `subscription.updated`; it takes effect with [#pause(UUID)].
    public void pauseAtPeriodEnd(UUID id) {
        Subscription subscription = healthy(id);
        demand(!subscription.pauseAtPeriodEnd, "it is about to pause already");
        subscription.modifiedAt = emissions.next();
        subscription.pauseAtPeriodEnd = true;
        subscription.resumesAt = Subscription.monthAfter(subscription.currentPeriodEnd);
        tell(subscription, "updated");
        grants.tellState(subscription.customerId);
    }

    /// The period before a pause is over: `subscription.updated`, `.paused`.
    public void pause(UUID id) {
        Subscription subscription = healthy(id);
        demand(subscription.pauseAtPeriodEnd, "no pause was asked for");
        subscription.pause(emissions.next());
        tell(subscription, "updated", "paused");
        grants.follow(subscription);
        grants.tellState(subscription.customerId);
    }

    /// `subscription.updated`, `.resumed`, `order.created`, `.updated`, `.paid`.
    public void resume(UUID id) {
        Subscription subscription = find(id);
        demand(subscription.status == SubscriptionStatus.PAUSED, "it is not paused");
        beginPeriod(subscription);
        tell(subscription, "updated", "resumed");
        orders.pay(orders.demand("subscription_cycle", subscription));
        grants.follow(subscription);
        grants.tellState(subscription.customerId);
    }

    /// Polar takes a running subscription over from another provider: `subscription.migrated` and no other event of the
    /// subscription.
    public UUID migrate(UUID customer, UUID product, String provider, String idThere) {
        Subscription subscription = create(null, World.find(world.customers, customer),
                World.find(world.products, product), Map.of());
        emissions.emit("subscription.migrated", payloads.subscription(subscription),
                envelope -> envelope.put("provider", provider).put("provider_subscription_id", idThere));
        grants.follow(subscription);
        grants.tellState(customer);
        return subscription.id;
    }

    /// `subscription.created`, `.active` (sent for a trial as well), `.updated`.
    Subscription start(Checkout checkout, Customer customer, Product product) {
        Subscription subscription = create(checkout, customer, product, checkout.metadata);
        tell(subscription, "created", "active", "updated");
        return subscription;
    }

    void endAllOf(UUID customer) {
        world.subscriptions.values().stream()
                .filter(subscription -> subscription.customerId.equals(customer) && !subscription.ended())
                .forEach(subscription -> end(subscription, false));
    }

    private Subscription create(Checkout checkout, Customer customer, Product product, Map<String, String> metadata) {
        Subscription subscription = new Subscription();
        subscription.id = emissions.newId();
        subscription.start(emissions.next(), checkout != null && checkout.trial);
        subscription.createdAt = emissions.next();
        subscription.recurringInterval = product.recurringInterval();
        subscription.recurringIntervalCount = product.recurringIntervalCount();
        subscription.customerId = customer.id;
        subscription.checkoutId = checkout == null ? null : checkout.id;
        subscription.metadata = new TreeMap<>(metadata);
        subscription.take(product);
        world.subscriptions.put(subscription.id, subscription);
        return subscription;
    }

    private void beginPeriod(Subscription subscription) {
        subscription.beginPeriod(emissions.next());
        if (subscription.pendingUpdate != null) {
            subscription.take(World.find(world.products, subscription.pendingUpdate.productId()));
            subscription.pendingUpdate = null;
        }
    }

    private void end(Subscription subscription, boolean asCancelled) {
        subscription.end(emissions.next(), asCancelled);
        tell(subscription, "updated", "canceled", "revoked");
    }

    private void tell(Subscription subscription, String... events) {
        for (String event : events) {
            emissions.emit("subscription." + event, payloads.subscription(subscription));
        }
    }

    private Subscription find(UUID id) {
        return World.find(world.subscriptions, id);
    }

    private Subscription running(UUID id) {
        Subscription subscription = find(id);
        demand(!subscription.ended() && subscription.status != SubscriptionStatus.PAUSED, "it does not run");
        return subscription;
    }

    private Subscription healthy(UUID id) {
        Subscription subscription = find(id);
        demand(subscription.status.grantsBenefits() && !subscription.cancelAtPeriodEnd, "it is ending or not in use");
        return subscription;
    }

    private Subscription renewable(UUID id) {
        Subscription subscription = healthy(id);
        demand(!subscription.pauseAtPeriodEnd, "it is about to pause");
        return subscription;
    }

    private static void demand(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }
}
