package dev.plinto.polar.sandbox.polar;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// Orders: what was charged, what was paid, and what was given back.
public final class Orders {

    private static final int TAX_PERCENT = 21;

    private final World world;
    private final Payloads payloads;
    private final Emissions emissions;
    private final Grants grants;

    Orders(World world, Payloads payloads, Emissions emissions, Grants grants) {
        this.world = world;
        this.payloads = payloads;
        this.emissions = emissions;
        this.grants = grants;
    }

    /// The orders of a customer, oldest first.
    public List<UUID> of(UUID customer) {
        return world.orders.values().stream()
                .filter(order -> order.customerId.equals(customer))
                .map(order -> order.id)
                .toList();
    }

    /// Empty for what is paid once.
    public Optional<UUID> subscriptionOf(UUID order) {
        return Optional.ofNullable(World.find(world.orders, order).subscriptionId);
    }

    /// Whether something was paid and not all of it has been given back.
    public boolean refundable(UUID order) {
        Order found = World.find(world.orders, order);
        return found.paid && found.refundableAmount > 0;
    }

    /// The invoice has been written: `order.updated`.
    public void writeInvoice(UUID id) {
        Order order = World.find(world.orders, id);
        order.modifiedAt = emissions.next();
        order.isInvoiceGenerated = true;
        emissions.emit("order.updated", payloads.order(order));
    }

    /// Gives back all that is left: `order.updated`, `refund.created`, `order.refunded`.
    ///
    /// With `revokeBenefits`, which Polar allows for one-time orders only, `benefit_grant.revoked` for each grant of
    /// the order and `customer.state_changed` follow.
    ///
    /// @throws IllegalStateException when nothing is left, or the benefits are a subscription's
    public UUID refund(UUID id, boolean revokeBenefits) {
        Order order = World.find(world.orders, id);
        Refund refund = newRefund(order, order.refundableAmount, "succeeded", revokeBenefits);
        giveBack(order, refund);
        emissions.emit("refund.created", payloads.refund(refund));
        emissions.emit("order.refunded", payloads.order(order));
        revokeAfter(order, refund);
        return refund.id();
    }

    /// A refund of `cents` that the bank has not confirmed: `refund.created` with status `pending`.
    public UUID requestRefund(UUID id, int cents) {
        Refund refund = newRefund(World.find(world.orders, id), cents, "pending", false);
        emissions.emit("refund.created", payloads.refund(refund));
        return refund.id();
    }

    /// The bank has confirmed: `order.updated`, `refund.updated`, `order.refunded`.
    public void completeRefund(UUID id) {
        Refund refund = World.find(world.refunds, id).succeeded(emissions.next());
        world.refunds.put(id, refund);
        Order order = World.find(world.orders, refund.orderId());
        giveBack(order, refund);
        emissions.emit("refund.updated", payloads.refund(refund));
        emissions.emit("order.refunded", payloads.order(order));
    }

    static int taxOn(int amount) {
        return (amount * TAX_PERCENT + 50) / 100;
    }

    /// An order that is paid at once: `order.created`, `order.updated`, `order.paid`.
    Order charge(String reason, Checkout checkout, Subscription subscription, Customer customer, Product product) {
        Order order = create(reason, checkout, subscription, customer, product);
        settle(order);
        emissions.emit("order.created", payloads.order(order));
        emissions.emit("order.updated", payloads.order(order));
        emissions.emit("order.paid", payloads.order(order));
        return order;
    }

    /// An order that is charged after it was made: `order.created` with status `pending`.
    Order demand(String reason, Subscription subscription) {
        Order order = create(
                reason, null, subscription, World.find(world.customers, subscription.customerId),
                World.find(world.products, subscription.productId));
        emissions.emit("order.created", payloads.order(order));
        return order;
    }

    /// Its payment has come in: `order.updated`, `order.paid`.
    void pay(Order order) {
        order.modifiedAt = emissions.pass(Duration.ofMillis(200), Duration.ofMillis(900));
        order.nextPaymentAttemptAt = null;
        settle(order);
        emissions.emit("order.updated", payloads.order(order));
        emissions.emit("order.paid", payloads.order(order));
    }

    private Order create(
            String reason, Checkout checkout, Subscription subscription, Customer customer, Product product) {
        boolean trial = subscription != null && subscription.status == SubscriptionStatus.TRIALING;
        int amount = trial ? 0 : product.price().priceAmount();
        Order order = new Order();
        order.id = emissions.newId();
        order.createdAt = emissions.next();
        order.status = "pending";
        order.subtotalAmount = amount;
        order.netAmount = amount;
        order.taxAmount = taxOn(amount);
        order.totalAmount = amount + order.taxAmount;
        order.dueAmount = order.totalAmount;
        order.currency = product.price().priceCurrency();
        order.billingReason = reason;
        order.billingName = customer.billingName;
        order.billingAddress = customer.billingAddress;
        order.invoiceNumber = "PLINTO-SANDBOX-%04d".formatted(world.orders.size() + 1);
        order.customerId = customer.id;
        order.productId = product.id();
        order.subscriptionId = subscription == null ? null : subscription.id;
        order.checkoutId = checkout == null ? null : checkout.id;
        order.metadata = new TreeMap<>(subscription == null ? checkout.metadata : subscription.metadata);
        order.platformFeeCurrency = order.currency;
        String label = trial ? "Trial of " + product.name() : product.name();
        order.items = List.of(new Order.Item(
                emissions.newId(), order.createdAt, null, label, amount, order.taxAmount, false,
                trial ? null : product.price().id(), null, null));
        order.description = product.name();
        world.orders.put(order.id, order);
        return order;
    }

    private static void settle(Order order) {
        order.status = "paid";
        order.paid = true;
        order.dueAmount = 0;
        order.platformFeeAmount = order.totalAmount == 0 ? 0 : order.totalAmount * 4 / 100 + 40;
        order.refundableAmount = order.netAmount;
        order.refundableTaxAmount = order.taxAmount;
    }

    private Refund newRefund(Order order, int cents, String status, boolean revokeBenefits) {
        if (!order.paid || cents < 1 || cents > order.refundableAmount) {
            throw new IllegalStateException("order " + order.id + " has no " + cents + " cents to give back");
        }
        if (revokeBenefits && order.subscriptionId != null) {
            throw new IllegalStateException("benefits of a subscription end with the subscription");
        }
        int tax = cents == order.refundableAmount ? order.refundableTaxAmount : taxOn(cents);
        Instant now = emissions.next();
        Refund refund = new Refund(
                emissions.newId(), now, null, Map.of(), status, "customer_request", cents, tax, order.currency,
                world.merchant.id(), order.id, order.subscriptionId, order.customerId, revokeBenefits, null);
        world.refunds.put(refund.id(), refund);
        return refund;
    }

    private void giveBack(Order order, Refund refund) {
        order.modifiedAt = emissions.next();
        order.refundedAmount += refund.amount();
        order.refundedTaxAmount += refund.taxAmount();
        order.refundableAmount -= refund.amount();
        order.refundableTaxAmount -= refund.taxAmount();
        order.status = order.refundableAmount == 0 ? "refunded" : "partially_refunded";
        emissions.emit("order.updated", payloads.order(order));
    }

    private void revokeAfter(Order order, Refund refund) {
        if (refund.revokeBenefits()) {
            grants.follow(order, false);
            grants.tellState(order.customerId);
        }
    }
}
