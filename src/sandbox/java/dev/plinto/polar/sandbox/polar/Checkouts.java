package dev.plinto.polar.sandbox.polar;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;

/// Purchases: every subscription and order begins with a checkout.
public final class Checkouts {

    private static final String SITE = "https://app.plinto.dev/billing";

    private final SimulatedState state;
    private final Payloads payloads;
    private final Emissions emissions;
    private final Customers customers;
    private final Subscriptions subscriptions;
    private final Orders orders;
    private final Grants grants;

    Checkouts(
            SimulatedState state, Payloads payloads, Emissions emissions, Customers customers,
            Subscriptions subscriptions, Orders orders, Grants grants) {
        this.state = state;
        this.payloads = payloads;
        this.emissions = emissions;
        this.customers = customers;
        this.subscriptions = subscriptions;
        this.orders = orders;
        this.grants = grants;
    }

    /// `checkout.created`; the subscription and its orders inherit the metadata. It is linked to the customer who has
    /// this external id, if there is one.
    public UUID open(UUID product, String externalCustomerId, Map<String, ?> metadata, boolean trial) {
        return open(create(product, externalCustomerId, metadata, trial, null));
    }

    /// As [#open(UUID, String, Map, boolean)], for seats of [Catalogue#studio()].
    public UUID openSeats(String externalCustomerId, int seats, Map<String, String> metadata) {
        return open(create(studio(), externalCustomerId, metadata, false, seats));
    }

    private UUID open(Checkout checkout) {
        String externalCustomerId = checkout.externalCustomerId;
        List<UUID> known = externalCustomerId == null ? List.of() : customers.of(externalCustomerId);
        checkout.customerId = known.isEmpty() ? null : known.getLast();
        emissions.emit("checkout.created", payloads.checkout(checkout));
        return checkout.id;
    }

    /// The buyer has confirmed: `checkout.updated`; then, of a known customer, `customer.updated`,
    /// `customer.state_changed`, of a new one `member.created`, `customer.created`, `customer.state_changed`.
    ///
    /// @return the customer
    public UUID confirm(UUID id) {
        Checkout checkout = inStatus(id, "open");
        boolean known = checkout.customerId != null;
        emissions.advance(Duration.ofSeconds(2), Duration.ofSeconds(6));
        return confirm(checkout, known ? buyer(checkout) : customers.register(checkout.externalCustomerId), known);
    }

    /// As [#confirm(UUID)], by this buyer. A known customer gets the details that the buyer has filled in.
    UUID confirm(Checkout checkout, Customer buyer, boolean known) {
        checkout.modifiedAt = emissions.next();
        checkout.status = Checkout.CONFIRMED;
        emissions.emit("checkout.updated", payloads.checkout(checkout, buyer));
        if (known) {
            checkout.customerId = buyer.id;
            fillIn(checkout, buyer);
            customers.updateByCheckout(buyer);
        } else {
            checkout.customerId = customers.announce(buyer);
        }
        return buyer.id;
    }

    /// The payment of a confirmed checkout failed: `checkout.updated`. It is open again, or failed for good.
    void fail(Checkout checkout, boolean forGood) {
        checkout.modifiedAt = emissions.next();
        checkout.status = forGood ? Checkout.FAILED : Checkout.OPEN;
        emissions.emit("checkout.updated", payloads.checkout(checkout));
    }

    /// Emits what a checkout has become: `checkout.created` or `checkout.updated`.
    void emit(String event, Checkout checkout) {
        emissions.emit("checkout." + event, payloads.checkout(checkout));
    }

    /// What the buyer has filled in belongs to the customer from now on.
    static void fillIn(Checkout checkout, Customer buyer) {
        buyer.name = buyer.name == null ? checkout.customerName : buyer.name;
        if (checkout.customerBillingName != null) {
            buyer.billingName = checkout.customerBillingName;
        }
        if (checkout.customerBillingAddress != null) {
            buyer.billingAddress = checkout.customerBillingAddress;
        }
        if (checkout.customerTaxId != null) {
            buyer.taxId = TaxId.of(checkout.customerTaxId, checkout.customerBillingAddress);
        }
        if (checkout.locale != null) {
            buyer.locale = checkout.locale;
        }
        Map<String, Object> metadata = new TreeMap<>(buyer.metadata);
        metadata.putAll(checkout.customerMetadata);
        buyer.metadata = metadata;
    }

    /// The buyer abandoned the checkout: `checkout.expired`.
    public void expire(UUID id) {
        Checkout checkout = inStatus(id, "open");
        checkout.modifiedAt = emissions.next();
        checkout.status = "expired";
        emissions.emit("checkout.expired", payloads.checkout(checkout));
    }

    /// The payment succeeded. A subscription emits `subscription.created`, `.active`, `.updated`, `order.created`,
    /// `.updated`, `.paid`, `checkout.updated`, `order.updated` (its invoice), `benefit_grant.created` per benefit,
    /// `customer.state_changed`; a one-time product the same without the subscription's three. The buyer of seats gets
    /// no benefits.
    ///
    /// @return the subscription, or the order of a one-time product
    public UUID succeed(UUID id) {
        Checkout checkout = inStatus(id, "confirmed");
        Customer customer = buyer(checkout);
        Product product = SimulatedState.find(state.products, checkout.productId);
        Subscription subscription = product.isRecurring() ? subscriptions.start(checkout, customer, product) : null;
        String reason = subscription == null ? "purchase" : "subscription_create";
        redeem(checkout);
        if (product.price().amount(checkout.seats) > 0) {
            keepPaymentMethod(customer);
        }
        Order order = orders.charge(reason, checkout, subscription, customer, product);
        checkout.modifiedAt = emissions.next();
        checkout.status = "succeeded";
        checkout.subscriptionId = order.subscriptionId;
        emissions.emit("checkout.updated", payloads.checkout(checkout));
        orders.writeInvoice(order);
        if (subscription == null) {
            grants.align(order, true);
            grants.emitState(customer.id);
        } else {
            subscriptions.settle(subscription);
        }
        return subscription == null ? order.id : subscription.id;
    }

    /// [#succeed(UUID)] for a checkout that emitted no event before.
    public UUID purchase(UUID customer, UUID product, Map<String, String> metadata) {
        return succeed(confirmed(customer, product, metadata, false, null));
    }

    /// As [#purchase(UUID, UUID, Map)], with a trial of two weeks.
    public UUID startTrial(UUID customer, UUID product, Map<String, String> metadata) {
        return succeed(confirmed(customer, product, metadata, true, null));
    }

    /// As [#purchase(UUID, UUID, Map)], of seats of [Catalogue#studio()].
    public UUID purchaseSeats(UUID customer, int seats, Map<String, String> metadata) {
        return succeed(confirmed(customer, studio(), metadata, false, seats));
    }

    private UUID confirmed(
            UUID customer, UUID product, Map<String, ?> metadata, boolean trial, Integer seats) {
        String externalId = SimulatedState.find(state.customers, customer).externalId;
        Checkout checkout = create(product, externalId, metadata, trial, seats);
        checkout.status = "confirmed";
        checkout.customerId = customer;
        return checkout.id;
    }

    private UUID studio() {
        return Objects.requireNonNull(state.plans.get("studio"));
    }

    private Customer buyer(Checkout checkout) {
        Customer buyer = SimulatedState.find(state.customers, checkout.customerId);
        if (buyer.deletedAt != null) {
            throw new IllegalStateException("a deleted customer cannot buy");
        }
        return buyer;
    }

    private Checkout create(
            UUID product, String externalCustomerId, Map<String, ?> metadata, boolean trial, Integer seats) {
        Product bought = SimulatedState.find(state.products, product);
        if (trial && !bought.isRecurring()) {
            throw new IllegalStateException("only a recurring product has a trial");
        }
        if (bought.isSoldBySeat() != (seats != null)) {
            throw new IllegalStateException("a number of seats belongs to a product that is sold by the seat");
        }
        Checkout checkout = blank();
        checkout.trial = trial;
        checkout.allowTrial = trial;
        checkout.trialInterval = trial ? checkout.activeTrialInterval : null;
        checkout.trialIntervalCount = trial ? checkout.activeTrialIntervalCount : null;
        checkout.successUrl = SITE + "?checkout_id={CHECKOUT_ID}";
        checkout.returnUrl = SITE;
        checkout.seats = seats;
        checkout.productId = product;
        checkout.externalCustomerId = externalCustomerId;
        // Sorted: the order of Java's immutable maps differs between runs, and the bytes must not.
        checkout.metadata = new TreeMap<>(metadata);
        state.checkouts.put(checkout.id, checkout);
        return checkout;
    }

    /// An open checkout for nothing yet.
    Checkout blank() {
        Checkout checkout = new Checkout();
        checkout.id = emissions.newId();
        checkout.createdAt = emissions.next();
        checkout.status = Checkout.OPEN;
        checkout.clientSecret = "polar_c_" + emissions.newToken(32);
        checkout.expiresAt = checkout.createdAt.plus(Duration.ofDays(1));
        checkout.metadata = Map.of();
        return checkout;
    }

    private void redeem(Checkout checkout) {
        if (checkout.discountId != null) {
            state.discounts.computeIfPresent(checkout.discountId, (id, discount) -> discount.redeemed());
        }
    }

    private Checkout inStatus(UUID id, String status) {
        Checkout checkout = SimulatedState.find(state.checkouts, id);
        if (!checkout.status.equals(status)) {
            throw new IllegalStateException("checkout " + id + " is " + checkout.status + ", not " + status);
        }
        return checkout;
    }

    /// Polar stores the card with the first payment, so the customer embedded in the order is newer than the one
    /// embedded in the subscription.
    private void keepPaymentMethod(Customer customer) {
        if (customer.defaultPaymentMethodId == null) {
            customer.defaultPaymentMethodId = emissions.newId();
            customer.modifiedAt = emissions.next();
        }
    }
}
