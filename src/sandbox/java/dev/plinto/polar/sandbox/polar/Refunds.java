package dev.plinto.polar.sandbox.polar;

import static dev.plinto.polar.sandbox.polar.BusinessFault.PAYMENT_DISPUTED;
import static dev.plinto.polar.sandbox.polar.BusinessFault.REFUNDS_BLOCKED;
import static dev.plinto.polar.sandbox.polar.BusinessFault.REFUND_BEING_CREATED;
import static dev.plinto.polar.sandbox.polar.BusinessFault.REFUND_PENDING;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/// Refunds of paid orders. A refund that the bank has yet to confirm is pending, and changes its order only then.
public final class Refunds {

    private static final String PENDING = "pending";

    private final SimulatedState state;
    private final Payloads payloads;
    private final Emissions emissions;
    private final Grants grants;
    private final BusinessFaults faults;

    Refunds(
            SimulatedState state, Payloads payloads, Emissions emissions, Grants grants, BusinessFaults faults) {
        this.state = state;
        this.payloads = payloads;
        this.emissions = emissions;
        this.grants = grants;
        this.faults = faults;
    }

    /// A refund that somebody asks for; `amount` in cents, without tax.
    public record Wanted(int amount, String reason, boolean revokeBenefits, Map<String, ?> metadata) {}

    /// Whether a payment is left that can be refunded.
    public boolean possible(UUID order) {
        Order found = SimulatedState.find(state.orders, order);
        return found.paid && left(found) > 0;
    }

    /// As [#create(UUID, Wanted)], of all that is left.
    public UUID refund(UUID order, boolean revokeBenefits) {
        return create(order, ofCustomer(left(SimulatedState.find(state.orders, order)), revokeBenefits));
    }

    /// `refund.created`, `order.updated`, `order.refunded`; with `revokeBenefits`, which Polar allows for one-time
    /// orders only, `benefit_grant.revoked` for each grant of the order and `customer.state_changed`. While
    /// [BusinessFault#REFUND_PENDING] lasts, as [#request(UUID, int)].
    ///
    /// @throws Refusal if the order has not so much left, or the benefits are a subscription's
    public UUID create(UUID orderId, Wanted wanted) {
        Order order = refundable(orderId, wanted);
        faults.refuse(orderId, REFUNDS_BLOCKED, PAYMENT_DISPUTED, REFUND_BEING_CREATED);
        boolean pending = faults.happens(REFUND_PENDING, orderId);
        Refund refund = add(order, wanted, pending ? PENDING : "succeeded");
        if (!pending) {
            giveBack(order, refund);
        }
        return refund.id();
    }

    /// Requests a refund of `cents` that the bank has not confirmed: `refund.created` with status `pending`.
    public UUID request(UUID orderId, int cents) {
        Wanted wanted = ofCustomer(cents, false);
        return add(refundable(orderId, wanted), wanted, PENDING).id();
    }

    /// The bank has confirmed: `refund.updated`, `order.updated`, `order.refunded`; then as [#create(UUID, Wanted)].
    public void complete(UUID id) {
        Refund pending = SimulatedState.find(state.refunds, id);
        if (!pending.status().equals(PENDING)) {
            throw new IllegalStateException("the refund is " + pending.status() + ", not pending");
        }
        Refund refund = pending.succeeded(emissions.next());
        state.refunds.put(id, refund);
        emissions.emit("refund.updated", payloads.refund(refund));
        giveBack(SimulatedState.find(state.orders, refund.orderId()), refund);
    }

    /// The pending refunds of a customer, oldest first.
    public List<UUID> pendingOf(UUID customer) {
        return pending().filter(refund -> refund.customerId().equals(customer)).map(Refund::id).toList();
    }

    private static Wanted ofCustomer(int cents, boolean revokeBenefits) {
        return new Wanted(cents, "customer_request", revokeBenefits, Map.of());
    }

    private Order refundable(UUID id, Wanted wanted) {
        Order order = SimulatedState.find(state.orders, id);
        if (order.status.equals("refunded")) {
            throw new Refusal(403, "RefundedAlready", "Order is already fully refunded: " + id);
        }
        if (wanted.revokeBenefits() && order.subscriptionId != null) {
            throw new Refusal(400, "RevokeSubscriptionBenefitsProhibited",
                    "Subscription benefits can only be revoked upon cancellation");
        }
        if (!order.paid) {
            throw new Refusal(404, "RefundUnknownPayment", "Refund issued for an order without a payment: " + id);
        }
        int left = left(order);
        if (wanted.amount() < 1 || wanted.amount() > left) {
            throw new Refusal(400, "RefundAmountTooHigh", "Refund amount exceeds remaining order balance: " + left);
        }
        return order;
    }

    private int left(Order order) {
        return order.refundableAmount - pendingOf(order).mapToInt(Refund::amount).sum();
    }

    private Stream<Refund> pendingOf(Order order) {
        return pending().filter(refund -> refund.orderId().equals(order.id));
    }

    private Stream<Refund> pending() {
        return state.refunds.values().stream().filter(refund -> refund.status().equals(PENDING));
    }

    private Refund add(Order order, Wanted wanted, String status) {
        int cents = wanted.amount();
        int tax = cents == left(order)
                ? order.refundableTaxAmount - pendingOf(order).mapToInt(Refund::taxAmount).sum()
                : Orders.taxOn(cents);
        Refund refund = new Refund(
                emissions.newId(), emissions.next(), null, new TreeMap<>(wanted.metadata()), status, wanted.reason(),
                cents, tax, order.currency, state.merchant.id(), order.id, order.subscriptionId, order.customerId,
                wanted.revokeBenefits(), null);
        state.refunds.put(refund.id(), refund);
        emissions.emit("refund.created", payloads.refund(refund));
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
        emissions.emit("order.refunded", payloads.order(order));
        if (refund.revokeBenefits()) {
            grants.align(order, false);
            grants.emitState(order.customerId);
        }
    }
}
