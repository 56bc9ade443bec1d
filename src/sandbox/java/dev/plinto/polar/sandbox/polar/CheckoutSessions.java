package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Checkouts as merchants and buyers use them through Polar's API.
///
/// Fields have Polar's names, and the form that Polar's schema demands; whoever passes them on has checked that.
public final class CheckoutSessions {

    private static final Duration BANK = Duration.ofSeconds(8);

    private final SimulatedState state;
    private final Payloads payloads;
    private final Emissions emissions;
    private final Checkouts checkouts;
    private final CustomerSessions sessions;
    private final CheckoutRules rules;
    private final Buyers buyers;
    private final BusinessFaults faults;
    private final Set<UUID> locked = new HashSet<>();

    CheckoutSessions(
            SimulatedState state, Payloads payloads, Emissions emissions, Customers customers,
            Subscriptions subscriptions, Checkouts checkouts, CustomerSessions sessions, BusinessFaults faults) {
        this.state = state;
        this.payloads = payloads;
        this.emissions = emissions;
        this.checkouts = checkouts;
        this.sessions = sessions;
        this.faults = faults;
        rules = new CheckoutRules(state, emissions);
        buyers = new Buyers(state, customers, subscriptions);
    }

    /// `checkout.created`
    ///
    /// @throws InvalidFields if they break a rule
    /// @throws Refusal if it may not be shown on the page that is to embed it
    public UUID create(List<UUID> products, ObjectNode fields) {
        rules.checkProducts(products);
        Checkout draft = checkouts.blank();
        draft.productIds = products;
        draft.productId = products.getFirst();
        Checkout checkout = rules.changed(draft, fields);
        if (checkout.embedOrigin != null && checkout.customerId != null) {
            faults.refuse(checkout.customerId, BusinessFault.EMBED_HOST_NOT_ALLOWED);
        }
        buyers.link(checkout);
        state.checkouts.put(checkout.id, checkout);
        checkouts.emit("created", checkout);
        return checkout.id;
    }

    /// `checkout.updated`
    ///
    /// @throws InvalidFields if they break a rule
    /// @throws Refusal if the checkout is not open
    public void update(UUID id, ObjectNode fields) {
        Checkout checkout = changed(id, fields);
        checkout.modifiedAt = emissions.next();
        state.checkouts.put(id, checkout);
        checkouts.emit("updated", checkout);
    }

    /// The buyer has confirmed: the events of [Checkouts#confirm(UUID)]. Unless the card pays later, or is not needed,
    /// those of [Checkouts#succeed(UUID)] follow at once.
    ///
    /// @param token says which [card][TestCard] pays; null if there is none
    /// @return what the buyer gets: the confirmed checkout, with a token for the portal
    /// @throws InvalidFields if a field is missing, or breaks a rule
    /// @throws Refusal if Polar's rules forbid it, or the card is declined
    public ObjectNode confirm(UUID id, ObjectNode fields, String token) {
        Checkout checkout = changed(id, fields);
        CheckoutAmounts amounts = amounts(checkout);
        buyers.checkComplete(checkout, amounts.isPaymentRequired(), token);
        Customer known = buyers.known(checkout);
        buyers.checkMayBuy(checkout, known);
        TestCard card = amounts.isPaymentRequired() || token != null ? card(token) : TestCard.PAYS;
        state.checkouts.put(id, checkout);
        checkouts.confirm(checkout, known == null ? buyers.register(checkout) : known, known != null);
        ObjectNode answer = CheckoutPayload.asPublic(payloads.checkout(checkout), state.merchant);
        Customer customer = SimulatedState.find(state.customers, checkout.customerId);
        answer.put("customer_session_token", sessions.open(customer, state.ownerOf(customer.id), null).token());
        if (card == TestCard.PAYS) {
            checkouts.succeed(id);
        } else {
            checkout.paymentDueAt = emissions.now().plus(BANK);
            checkout.paymentFails = card == TestCard.DECLINED_LATER;
        }
        return answer;
    }

    public Optional<UUID> withSecret(String clientSecret) {
        return state.checkouts.values().stream()
                .filter(checkout -> checkout.clientSecret.equals(clientSecret))
                .map(checkout -> checkout.id)
                .findFirst();
    }

    public boolean contains(UUID id) {
        return state.checkouts.containsKey(id);
    }

    /// As the merchant reads it.
    public ObjectNode json(UUID id) {
        return payloads.checkout(SimulatedState.find(state.checkouts, id));
    }

    /// As the buyer's browser reads it.
    ///
    /// @throws Refusal if it has expired
    public ObjectNode publicJson(UUID id) {
        refuseExpired(id);
        return CheckoutPayload.asPublic(json(id), state.merchant);
    }

    /// Refuses a buyer whose checkout has expired.
    public void refuseExpired(UUID id) {
        if (SimulatedState.find(state.checkouts, id).status.equals(Checkout.EXPIRED)) {
            throw new Refusal(410, "ExpiredCheckoutError", "This checkout session has expired.");
        }
    }

    /// While a checkout is locked, as by another confirmation of it, it can neither be updated nor confirmed.
    public void setLocked(UUID id, boolean isLocked) {
        if (isLocked) {
            locked.add(id);
        } else {
            locked.remove(id);
        }
    }

    /// The merchant's settings: whether a customer may have several subscriptions (yes, unless it is changed), and
    /// whether only one trial (no).
    public void setRules(boolean allowMultipleSubscriptions, boolean preventTrialAbuse) {
        state.sellingRules.allowMultipleSubscriptions = allowMultipleSubscriptions;
        state.sellingRules.preventTrialAbuse = preventTrialAbuse;
    }

    /// The bank decides on a late payment: the events of [Checkouts#succeed(UUID)], or `checkout.updated`.
    void decide(UUID id) {
        Checkout checkout = SimulatedState.find(state.checkouts, id);
        checkout.paymentDueAt = null;
        boolean customerIsGone = SimulatedState.find(state.customers, checkout.customerId).deletedAt != null;
        if (customerIsGone || checkout.paymentFails) {
            checkouts.fail(checkout, customerIsGone);
        } else {
            checkouts.succeed(checkout.id);
        }
    }

    private Checkout changed(UUID id, ObjectNode fields) {
        Checkout checkout = SimulatedState.find(state.checkouts, id);
        if (locked.contains(id)) {
            throw new Refusal(409, "CheckoutLocked", "The checkout is being confirmed.");
        }
        if (!checkout.status.equals(Checkout.OPEN)) {
            throw new Refusal(403, "NotOpenCheckout", "This checkout session is no longer open.");
        }
        return rules.changed(checkout, fields);
    }

    private CheckoutAmounts amounts(Checkout checkout) {
        Discount discount = checkout.discountId == null ? null : state.discounts.get(checkout.discountId);
        return CheckoutAmounts.of(
                checkout, SimulatedState.find(state.products, checkout.productId), discount, false);
    }

    private static TestCard card(String token) {
        TestCard card = TestCard.of(token).orElseThrow(() -> new Refusal(400, "PaymentError",
                "No such confirmation token. Those of the simulated Polar are " + TestCard.tokens() + "."));
        if (card == TestCard.DECLINED) {
            throw new Refusal(400, "PaymentError", "Your card was declined.");
        }
        return card;
    }
}
