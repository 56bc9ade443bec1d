package dev.plinto.polar.sandbox.polar;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// Where everything that is bought is bought.
public final class Checkouts {

    static final int TRIAL_DAYS = 14;

    private final World world;
    private final Payloads payloads;
    private final Emissions emissions;
    private final Subscriptions subscriptions;
    private final Orders orders;
    private final Grants grants;

    Checkouts(
            World world, Payloads payloads, Emissions emissions, Subscriptions subscriptions, Orders orders,
            Grants grants) {
        this.world = world;
        this.payloads = payloads;
        this.emissions = emissions;
        this.subscriptions = subscriptions;
        this.orders = orders;
        this.grants = grants;
    }

    /// `checkout.created`; metadata goes on to the subscription and its orders.
    public UUID open(UUID product, String externalCustomerId, Map<String, String> metadata, boolean trial) {
        Checkout checkout = create(product, externalCustomerId, metadata, trial);
        emissions.emit("checkout.created", payloads.checkout(checkout));
        return checkout.id;
    }

    /// The buyer has confirmed: `checkout.updated`.
    public void confirm(UUID id) {
        Checkout checkout = inStatus(id, "open");
        checkout.modifiedAt = emissions.pass(Duration.ofSeconds(2), Duration.ofSeconds(6));
        checkout.status = "confirmed";
        emissions.emit("checkout.updated", payloads.checkout(checkout));
    }

    /// The buyer never came back: `checkout.expired`.
    public void expire(UUID id) {
        Checkout checkout = inStatus(id, "open");
        checkout.modifiedAt = emissions.next();
        checkout.status = "expired";
        emissions.emit("checkout.expired", payloads.checkout(checkout));
    }

    /// The payment has gone through. A subscription: `subscription.created`, `.active`, `.updated`, `order.created`,
    /// `.updated`, `.paid`, `checkout.updated`, `benefit_grant.created` per benefit, `customer.state_changed`; what is
    /// paid once: the same without the subscription's three.
    ///
    /// @return the subscription, or the order of a product that is paid once
    public UUID succeed(UUID id, UUID customerId) {
        Checkout checkout = inStatus(id, "confirmed");
        Customer customer = World.find(world.customers, customerId);
        if (customer.deletedAt != null) {
            throw new IllegalStateException("a deleted customer buys nothing");
        }
        Product product = World.find(world.products, checkout.productId);
        checkout.customerId = customerId;
        Subscription subscription = product.isRecurring() ? subscriptions.start(checkout, customer, product) : null;
        String reason = subscription == null ? "purchase" : "subscription_create";
        keepPaymentMethod(customer);
        Order order = orders.charge(reason, checkout, subscription, customer, product);
        checkout.modifiedAt = emissions.next();
        checkout.status = "succeeded";
        checkout.subscriptionId = order.subscriptionId;
        emissions.emit("checkout.updated", payloads.checkout(checkout));
        if (subscription == null) {
            grants.follow(order, true);
        } else {
            grants.follow(subscription);
        }
        grants.tellState(customerId);
        return subscription == null ? order.id : subscription.id;
    }

    /// [#succeed(UUID, UUID)] for a checkout of which nothing was told before.
    public UUID purchase(UUID customer, UUID product, Map<String, String> metadata) {
        return succeed(confirmed(customer, product, metadata, false), customer);
    }

    /// As [#purchase(UUID, UUID, Map)], with nothing to pay for two weeks.
    public UUID startTrial(UUID customer, UUID product, Map<String, String> metadata) {
        return succeed(confirmed(customer, product, metadata, true), customer);
    }

    static Instant trialEnd(Instant start) {
        return start.plus(Duration.ofDays(TRIAL_DAYS));
    }

    private UUID confirmed(UUID customer, UUID product, Map<String, String> metadata, boolean trial) {
        Checkout checkout = create(product, World.find(world.customers, customer).externalId, metadata, trial);
        checkout.status = "confirmed";
        return checkout.id;
    }

    private Checkout create(UUID product, String externalCustomerId, Map<String, String> metadata, boolean trial) {
        if (trial && !World.find(world.products, product).isRecurring()) {
            throw new IllegalStateException("only what is paid again and again can be tried");
        }
        Checkout checkout = new Checkout();
        checkout.id = emissions.newId();
        checkout.createdAt = emissions.next();
        checkout.status = "open";
        checkout.clientSecret = "polar_c_" + emissions.newToken(32);
        checkout.expiresAt = checkout.createdAt.plus(Duration.ofDays(1));
        checkout.trial = trial;
        checkout.productId = product;
        checkout.externalCustomerId = externalCustomerId;
        // Sorted, since the order of Java's immutable maps differs from run to run, and bytes must not.
        checkout.metadata = new TreeMap<>(metadata);
        world.checkouts.put(checkout.id, checkout);
        return checkout;
    }

    private Checkout inStatus(UUID id, String status) {
        Checkout checkout = World.find(world.checkouts, id);
        if (!checkout.status.equals(status)) {
            throw new IllegalStateException("checkout " + id + " is " + checkout.status + ", not " + status);
        }
        return checkout;
    }

    /// Polar notes the card with the first payment, which is why the customer embedded in the order is a newer one than
    /// the customer embedded in the subscription.
    private void keepPaymentMethod(Customer customer) {
        if (customer.defaultPaymentMethodId == null) {
            customer.defaultPaymentMethodId = emissions.newId();
            customer.modifiedAt = emissions.next();
        }
    }
}
