package dev.plinto.polar.sandbox.polar;

import java.util.Locale;

/// What Polar may answer for a reason outside the simulation, such as the customer's bank.
public enum BusinessFault {

    CARD_DECLINED(402, "PaymentFailed", "The payment has failed: the card was declined."),
    CARD_NEEDS_ACTION(402, "PaymentActionRequired", "The payment needs an action of the customer."),
    PAYMENT_NOT_READY(403, "PaymentNotReady", "The organization cannot accept payments yet."),
    EMBED_HOST_NOT_ALLOWED(403, "EmbedHostNotAllowed", "The embed origin is not among the embed hosts."),
    MEMBERS_OFF(403, "NotPermitted", "Member management is not enabled for this organization."),
    SUBSCRIPTION_LOCKED(409, "SubscriptionLocked", "This subscription is pending an update."),
    REFUNDS_BLOCKED(403, "RefundsBlocked", "Refunds are blocked for this order."),
    PAYMENT_DISPUTED(403, "RefundDisputedPayment", "An order with a disputed payment cannot be refunded."),
    REFUND_BEING_CREATED(409, "RefundPendingCreation", "The refund is pending creation."),
    /// Not refused: the refund is made, and the bank has yet to confirm it.
    REFUND_PENDING(0, null, null),
    /// Not refused: the invoice is not written yet.
    INVOICE_IN_PROGRESS(0, null, null),
    /// Not refused: the receipt is not written yet.
    RECEIPT_IN_PROGRESS(0, null, null),
    /// Not refused: the correction of a customer's e-mail makes a second owner, and Polar does not find the owner of a
    /// session any more.
    SECOND_OWNER(0, null, null);

    private final int status;
    private final String error;
    private final String detail;

    BusinessFault(int status, String error, String detail) {
        this.status = status;
        this.error = error;
        this.detail = detail;
    }

    Refusal refusal() {
        return new Refusal(status, error, detail);
    }

    /// Such as `card-declined`.
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
