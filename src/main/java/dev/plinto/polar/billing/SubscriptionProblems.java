package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Provider;

/// Why a subscription cannot be changed as somebody wants.
final class SubscriptionProblems {

    private static final String NOTHING_DONE = "Nothing was done. ";

    static final Problem UNKNOWN = new Problem("subscription-unknown", 404, "There is no such subscription",
            "Send the subscription_id of one of the organization's subscriptions.");

    static final Problem ALREADY_CANCELED = new Problem("already-canceled", 409, "The subscription is canceled already",
            NOTHING_DONE + "It has ended, or ends with its period; until then the cancellation can be taken back "
                    + "(…/uncancel). One that is paused can only be ended now (…/cancel with \"at\": \"now\").");

    static final Problem INACTIVE = new Problem("subscription-inactive", 409, "The subscription is not active",
            NOTHING_DONE + "One that is paused must be resumed first (…/resume).");

    static final Problem LOCKED = new Problem("subscription-locked", 409,
            "Another change of the subscription is under way",
            NOTHING_DONE + "Send the request again after Retry-After, with the same Idempotency-Key.");

    static final Problem NOTHING_SCHEDULED = new Problem("nothing-scheduled", 409,
            "Nothing is scheduled that could be taken back",
            NOTHING_DONE + "The subscription is neither canceled for the end of its period nor paused, or about to "
                    + "be: it goes on as it is.");

    static final Problem CANNOT_PAUSE = new Problem("cannot-pause", 409, "The subscription cannot be paused",
            NOTHING_DONE + "Only an active one can, which is neither canceled nor paused already. Take a cancellation "
                    + "back first (…/uncancel).");

    static final Problem NOTHING_TO_CHANGE = new Problem("nothing-to-change", 409,
            "The subscription is as it should be already", NOTHING_DONE + "Read it again.");

    static final Problem CHECKOUT_NEEDED = new Problem("checkout-needed", 422, "This needs a checkout",
            NOTHING_DONE + "The product costs something, or the organization has no customer at Polar yet and none can "
                    + "be made without the buyer's e-mail. Send the buyer to a checkout "
                    + "(POST /api/v1/polar/checkout).");

    static final Problem ALREADY_CANCELED_FOR_GOOD = new Problem("already-canceled", 409,
            "The subscription is canceled already",
            NOTHING_DONE + "What was paid can be used until its period ends. Conekta takes no cancellation back.");
    static final Problem NOT_AT_FUNGIES = notSupported(
            "The subscription is at Fungies: its customer changes it there.");
    private static final Problem ONLY_AT_POLAR = notSupported("What was not bought at Polar has no seats.");

    /// @param instead why the provider cannot, and where it can be done
    static Problem notSupported(String instead) {
        return new Problem("not-supported", 422, "The provider cannot do this", NOTHING_DONE + instead);
    }

    /// Throws 422 `not-supported` for a subscription that was bought elsewhere.
    static void requireSeatsFor(String subscriptionId) {
        switch (Provider.of(new Id.Subscription(subscriptionId))) {
            case POLAR -> {}
            case CONEKTA, FUNGIES -> throw ONLY_AT_POLAR.exception();
        }
    }

    /// @param actionNeeded whether the customer's bank wants the customer to confirm the payment
    static Problem paymentFailed(boolean actionNeeded) {
        return new Problem("payment-failed", 402, "The payment failed", NOTHING_DONE
                + (actionNeeded
                        ? "The customer's bank wants the customer to confirm it"
                        : "The customer's means of payment was declined, or there is none")
                + ". Let the customer see to it in the customer portal; then send the request with another "
                + "Idempotency-Key.").with("action_needed", actionNeeded);
    }

    private SubscriptionProblems() {}
}
