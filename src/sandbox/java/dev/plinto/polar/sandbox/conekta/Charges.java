package dev.plinto.polar.sandbox.conekta;

/// Attempts to pay an order, and what becomes of them.
final class Charges {

    private final Ids ids;
    private final Journal journal;
    private final Payloads payloads;

    Charges(Ids ids, Journal journal, Payloads payloads) {
        this.ids = ids;
        this.journal = journal;
        this.payloads = payloads;
    }

    Charge begin(Order order, PaymentMethod method, String reference) {
        Charge charge = new Charge(ids.hex(), order.id, journal.now(), method, reference,
                method == PaymentMethod.CARD ? null : order.checkout.expiresAt);
        order.charges.add(charge);
        journal.emitNew("charge.created", payloads.charge(charge));
        return charge;
    }

    void settle(Order order, Charge charge) {
        Journal.Change ofCharge = journal.change(() -> payloads.charge(charge));
        Journal.Change ofOrder = journal.change(() -> payloads.order(order));
        charge.status = "paid";
        charge.paidAt = journal.now();
        order.paymentStatus = "paid";
        order.updatedAt = journal.now();
        if (order.checkout != null) {
            order.checkout.status = Checkout.Status.FINALIZED;
            order.checkout.paidPayments++;
        }
        ofCharge.emit("charge.paid");
        ofOrder.emit("order.paid");
    }

    void decline(Order order, Charge charge) {
        Journal.Change change = journal.change(() -> payloads.charge(charge));
        charge.status = "declined";
        charge.failureCode = "card_declined";
        charge.failureMessage = "The card was declined.";
        order.paymentStatus = "declined";
        order.updatedAt = journal.now();
        change.emit("charge.declined");
    }
}
