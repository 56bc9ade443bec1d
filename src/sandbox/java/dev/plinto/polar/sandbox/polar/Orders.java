package dev.plinto.polar.sandbox.polar;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// Orders: charges and payments.
public final class Orders {

    private static final int TAX_PERCENT = 21;

    private final SimulatedState state;
    private final Payloads payloads;
    private final Emissions emissions;

    Orders(SimulatedState state, Payloads payloads, Emissions emissions) {
        this.state = state;
        this.payloads = payloads;
        this.emissions = emissions;
    }

    /// The orders of a customer, oldest first.
    public List<UUID> of(UUID customer) {
        return state.orders.values().stream()
                .filter(order -> order.customerId.equals(customer))
                .map(order -> order.id)
                .toList();
    }

    /// Empty for a one-time order.
    public Optional<UUID> subscriptionOf(UUID order) {
        return Optional.ofNullable(SimulatedState.find(state.orders, order).subscriptionId);
    }

    /// The invoice of a paid order has been written, in a job that runs after the payment: `order.updated`.
    void writeInvoice(Order order) {
        order.modifiedAt = emissions.advance(Duration.ofMillis(200), Duration.ofMillis(600));
        order.isInvoiceGenerated = true;
        emissions.emit("order.updated", payloads.order(order));
    }

    static int taxOn(int amount) {
        return amount < 0 ? -taxOn(-amount) : Math.toIntExact(((long) amount * TAX_PERCENT + 50) / 100);
    }

    /// The orders of a subscription that wait for their payment, oldest first.
    List<Order> dueOf(Subscription subscription) {
        return state.orders.values().stream()
                .filter(order -> subscription.id.equals(order.subscriptionId) && order.status.equals("pending"))
                .toList();
    }

    /// The payment is not collected any more: `order.updated` with status `void`.
    void annul(Order order) {
        order.modifiedAt = emissions.next();
        order.status = "void";
        order.nextPaymentAttemptAt = null;
        emissions.emit("order.updated", payloads.order(order));
    }

    /// An order for a change in the middle of a period: `order.created` with status `pending`.
    Order createOfChange(Subscription subscription, List<Order.Item> items) {
        Order order = create(
                "subscription_update", null, subscription,
                SimulatedState.find(state.customers, subscription.customerId),
                SimulatedState.find(state.products, subscription.productId), items, null, 0);
        emissions.emit("order.created", payloads.order(order));
        return order;
    }

    /// An order that is paid at once: `order.created`, `order.updated`, `order.paid`.
    Order charge(String reason, Checkout checkout, Subscription subscription, Customer customer, Product product) {
        Order order = create(reason, checkout, subscription, customer, product);
        markPaid(order);
        emissions.emit("order.created", payloads.order(order));
        emissions.emit("order.updated", payloads.order(order));
        emissions.emit("order.paid", payloads.order(order));
        return order;
    }

    /// An order that is charged later: `order.created` with status `pending`.
    Order createPending(String reason, Subscription subscription) {
        Order order = create(
                reason, null, subscription, SimulatedState.find(state.customers, subscription.customerId),
                SimulatedState.find(state.products, subscription.productId));
        emissions.emit("order.created", payloads.order(order));
        return order;
    }

    /// The order's payment has arrived: `order.updated`, `order.paid`.
    void pay(Order order) {
        order.modifiedAt = emissions.advance(Duration.ofMillis(200), Duration.ofMillis(900));
        order.nextPaymentAttemptAt = null;
        markPaid(order);
        emissions.emit("order.updated", payloads.order(order));
        emissions.emit("order.paid", payloads.order(order));
    }

    private static Product.Price priceOf(Subscription subscription, Product product) {
        return subscription == null ? product.price() : product.price(subscription.amount, subscription.seats);
    }

    /// Of a whole period, and of what is owed for changes in the one before.
    private Order create(
            String reason, Checkout checkout, Subscription subscription, Customer customer, Product product) {
        boolean trial = subscription != null && subscription.status == SubscriptionStatus.TRIALING;
        Product.Price price = priceOf(subscription, product);
        int amount = trial ? 0 : price.amount(subscription == null ? null : subscription.seats);
        Discount discount = discountOf(checkout, subscription);
        int off = discount == null ? 0 : discount.off(amount, product.price().priceCurrency());
        List<Order.Item> owed = subscription == null ? null : state.owed.remove(subscription.id);
        List<Order.Item> items = new ArrayList<>(owed == null ? List.of() : owed);
        items.add(new Order.Item(
                emissions.newId(), emissions.next(), null, trial ? "Trial of " + product.name() : product.name(),
                amount, taxOn(amount - off), false, trial ? null : price.id(), null, null));
        return create(reason, checkout, subscription, customer, product, List.copyOf(items), discount, off);
    }

    /// `discount` is null if there is none; `off` is what it takes off the items.
    private Order create(
            String reason, Checkout checkout, Subscription subscription, Customer customer, Product product,
            List<Order.Item> items, Discount discount, int off) {
        Order order = new Order();
        order.id = emissions.newId();
        order.createdAt = emissions.next();
        order.status = "pending";
        order.subtotalAmount = items.stream().mapToInt(Order.Item::amount).sum();
        order.discountId = discount == null ? null : discount.id();
        order.discountAmount = off;
        order.netAmount = order.subtotalAmount - off;
        order.taxAmount = items.stream().mapToInt(Order.Item::taxAmount).sum();
        order.totalAmount = order.netAmount + order.taxAmount;
        order.dueAmount = Math.max(0, order.totalAmount);
        order.currency = product.price().priceCurrency();
        order.billingReason = reason;
        order.billingName = customer.billingName;
        order.billingAddress = customer.billingAddress;
        order.invoiceNumber = "PLINTO-SANDBOX-%04d".formatted(state.orders.size() + 1);
        order.customerId = customer.id;
        order.productId = product.id();
        order.subscriptionId = subscription == null ? null : subscription.id;
        order.checkoutId = checkout == null ? null : checkout.id;
        order.metadata = new TreeMap<>(subscription == null ? checkout.metadata : subscription.metadata);
        order.customFieldData = subscription == null ? checkout.customFieldData : subscription.customFieldData;
        order.platformFeeCurrency = order.currency;
        order.items = items;
        order.description = product.name();
        state.orders.put(order.id, order);
        return order;
    }

    /// A discount of duration `once` is for the first order only, a `repeating` one for those of some months.
    private Discount discountOf(Checkout checkout, Subscription subscription) {
        UUID id = checkout == null ? subscription.discountId : checkout.discountId;
        Discount discount = id == null ? null : state.discounts.get(id);
        return checkout == null && discount != null && !discount.lasts(subscription.startedAt, emissions.now())
                ? null
                : discount;
    }

    private static void markPaid(Order order) {
        order.status = "paid";
        order.paid = true;
        order.dueAmount = 0;
        order.platformFeeAmount = order.totalAmount <= 0 ? 0 : Math.toIntExact(order.totalAmount * 4L / 100 + 40);
        order.refundableAmount = Math.max(0, order.netAmount);
        order.refundableTaxAmount = Math.max(0, order.taxAmount);
    }
}
