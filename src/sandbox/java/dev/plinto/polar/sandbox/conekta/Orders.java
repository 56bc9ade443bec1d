package dev.plinto.polar.sandbox.conekta;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/// Orders from their creation, of which no event tells, to their end. [Payments] pays them.
public final class Orders {

    private final ConektaState state;
    private final Ids ids;
    private final Journal journal;
    private final Payloads payloads;

    Orders(ConektaState state, Ids ids, Journal journal, Payloads payloads) {
        this.state = state;
        this.ids = ids;
        this.journal = journal;
        this.payloads = payloads;
    }

    /// @throws Refusal (404) for an unknown customer or plan, (422) for a wrong end of the checkout
    public String create(OrderRequest request) {
        request.checkout().planIds().forEach(plan -> ConektaState.find(state.plans, plan));
        Instant now = journal.now();
        Order order = new Order(ids.next("ord"), now, request.currency(), request.lineItems());
        switch (request.buyer()) {
            case OrderRequest.Buyer.Known(String id) -> setCustomer(order, ConektaState.find(state.customers, id));
            case OrderRequest.Buyer.New(String name, String email, String phone) -> {
                order.name = name;
                order.email = email;
                order.phone = phone;
            }
        }
        order.metadata = request.metadata();
        order.checkout = new Checkout(
                ids.uuid(), ids.slug(), request.checkout(), now, request.checkout().end(now));
        state.orders.put(order.id, order);
        return order.id;
    }

    /// The order of the hosted page at this address; empty if there is none.
    public Optional<String> atSlug(String slug) {
        return state.orders.values().stream()
                .filter(order -> order.checkout != null && order.checkout.slug.equals(slug))
                .map(order -> order.id)
                .findFirst();
    }

    public void setMetadata(String id, ObjectNode metadata) {
        OrderRequest.checkMetadata(metadata);
        Order order = ConektaState.find(state.orders, id);
        order.metadata = metadata;
        order.updatedAt = journal.now();
    }

    /// Nobody can pay it any more: `order.canceled`, after `charge.canceled` if somebody was about to.
    ///
    /// @throws Refusal (428) if it is paid, canceled or expired
    public void cancel(String id) {
        Order order = ConektaState.find(state.orders, id);
        if (!order.isOpen()) {
            throw Refusal.precondition("The order is " + ended(order) + ", and cannot be canceled.");
        }
        Journal.Change change = journal.change(() -> payloads.order(order));
        order.charge("pending_payment").ifPresent(charge -> {
            Journal.Change ofCharge = journal.change(() -> payloads.charge(charge));
            charge.status = "canceled";
            ofCharge.emit("charge.canceled");
        });
        end(order, Checkout.Status.CANCELED, "canceled");
        change.emit("order.canceled");
    }

    /// Its end has come: `order.expired`.
    ///
    /// @throws Refusal (428) if it is paid, canceled or expired
    public void expire(String id) {
        Order order = ConektaState.find(state.orders, id);
        if (!order.isOpen()) {
            throw Refusal.precondition("The order is " + ended(order) + ", and cannot expire.");
        }
        Journal.Change change = journal.change(() -> payloads.order(order));
        order.charge("pending_payment").ifPresent(charge -> charge.status = "expired");
        end(order, Checkout.Status.EXPIRED, "expired");
        change.emit("order.expired");
    }

    /// @param amount in cents, at most what is not refunded yet: `charge.refunded`
    /// @throws Refusal (422) for a wrong amount, (428) if the order is not paid
    public void refund(String id, long amount) {
        Order order = ConektaState.find(state.orders, id);
        if (!order.isPaid()) {
            throw Refusal.precondition("The order is not paid, and cannot be refunded.");
        }
        if (amount < 1 || amount > order.amount() - order.amountRefunded) {
            throw Refusal.invalid("amount", "amount is 1 to what is not refunded yet");
        }
        Charge charge = order.charges.stream().filter(paid -> paid.paidAt != null).findFirst().orElseThrow();
        Journal.Change change = journal.change(() -> payloads.charge(charge));
        charge.refunds.add(new Charge.Refund(ids.hex(), journal.now(), amount));
        order.amountRefunded += amount;
        order.paymentStatus = order.amountRefunded == order.amount() ? "refunded" : "partially_refunded";
        order.updatedAt = journal.now();
        charge.status = order.paymentStatus;
        change.emit("charge.refunded");
    }

    static void setCustomer(Order order, Customer customer) {
        order.customerId = customer.id;
        order.name = customer.name;
        order.email = customer.email;
        order.phone = customer.phone;
    }

    private void end(Order order, Checkout.Status status, String paymentStatus) {
        order.checkout.status = status;
        order.paymentStatus = paymentStatus;
        order.updatedAt = journal.now();
    }

    private static String ended(Order order) {
        return order.paymentStatus == null ? "not open" : order.paymentStatus;
    }
}
