package dev.plinto.polar.sandbox.conekta;

/// Buyers on the hosted page, and later at the counter or in their bank.
public final class Payments {

    private static final String LAST4 = "4242";
    private static final String DECLINED = "0002";
    private static final int OXXO_REFERENCE = 14;
    private static final int CLABE = 18;

    private final ConektaState state;
    private final Ids ids;
    private final Journal journal;
    private final Payloads payloads;
    private final Charges charges;
    private final Customers customers;
    private final Subscriptions subscriptions;

    Payments(
            ConektaState state, Ids ids, Journal journal, Payloads payloads, Charges charges, Customers customers,
            Subscriptions subscriptions) {
        this.state = state;
        this.ids = ids;
        this.journal = journal;
        this.payloads = payloads;
        this.charges = charges;
        this.customers = customers;
        this.subscriptions = subscriptions;
    }

    /// `charge.created`, `charge.paid`, `order.paid`; for an order with plans, of which the first is taken, then
    /// `subscription.created` and, without a trial, `subscription.paid`.
    ///
    /// @throws Refusal (428) if the order cannot be paid any more, or not by card
    public void payByCard(String orderId) {
        payByCard(orderId, openOrder(orderId, PaymentMethod.CARD).checkout.terms.planIds().stream()
                .findFirst().orElse(null));
    }

    /// @param planId one of the order's plans; null for an order without plans
    public void payByCard(String orderId, String planId) {
        Order order = openOrder(orderId, PaymentMethod.CARD);
        CheckoutTerms terms = order.checkout.terms;
        if (planId == null ? !terms.planIds().isEmpty() : !terms.planIds().contains(planId)) {
            throw Refusal.invalid("plan_id", "plan_id is one of the order's");
        }
        Plan plan = planId == null ? null : ConektaState.find(state.plans, planId);
        if (plan != null && order.customerId == null) {
            Orders.setCustomer(order, ConektaState.find(
                    state.customers, customers.create(order.name, order.email, order.phone)));
        }
        Charge charge = charges.begin(order, PaymentMethod.CARD, LAST4);
        charges.settle(order, charge);
        if (plan != null) {
            subscriptions.begin(order, charge, plan, customers.addCard(order.customerId, LAST4));
        }
    }

    /// `charge.created`, `charge.declined`; the page stays open.
    ///
    /// @throws Refusal (428) if the order cannot be paid any more, or not by card
    public void declineCard(String orderId) {
        Order order = openOrder(orderId, PaymentMethod.CARD);
        charges.decline(order, charges.begin(order, PaymentMethod.CARD, DECLINED));
    }

    /// The buyer takes a reference for OXXO, or a number for a transfer over SPEI: `charge.created`,
    /// `order.pending_payment`. It counts as long as the checkout.
    ///
    /// @throws Refusal (428) if the order cannot be paid any more, or not so, or a number was taken before
    public void takeReference(String orderId, PaymentMethod method) {
        Order order = openOrder(orderId, method);
        if (order.charge("pending_payment").isPresent()) {
            throw Refusal.precondition("The order waits for its payment.");
        }
        Journal.Change change = journal.change(() -> payloads.order(order));
        charges.begin(order, method, switch (method) {
            case CASH -> ids.digits(OXXO_REFERENCE);
            case BANK_TRANSFER -> ids.digits(CLABE);
            case CARD -> throw Refusal.precondition("A card pays at once.");
        });
        order.paymentStatus = "pending_payment";
        order.updatedAt = journal.now();
        change.emit("order.pending_payment");
    }

    /// The buyer pays at the counter, or the transfer arrives: `charge.paid`, `order.paid`.
    ///
    /// @throws Refusal (428) if no number was taken, or it does not count any more
    public void payReference(String orderId) {
        Order order = ConektaState.find(state.orders, orderId);
        charges.settle(order, order.charge("pending_payment").filter(charge -> order.isOpen()).orElseThrow(
                () -> Refusal.precondition("The order does not wait for a payment.")));
    }

    private Order openOrder(String id, PaymentMethod method) {
        Order order = ConektaState.find(state.orders, id);
        if (!order.isOpen()) {
            throw Refusal.precondition("The order cannot be paid any more.");
        }
        if (!order.checkout.terms.allowed().contains(method)) {
            throw Refusal.precondition("The order cannot be paid by " + method.wireName() + ".");
        }
        return order;
    }
}
