package dev.plinto.polar.conekta.api;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// Single objects at Conekta, by Conekta's own ids (without the prefix that tells them from those of other providers).
/// Each call blocks until Conekta answers, at most for `CONEKTA_API_TIMEOUT` and 2 s, and throws [ConektaFailure] if it
/// does not answer or refuses.
@ApplicationScoped
public class Conekta {

    private final ConektaCalls calls;

    Conekta(ConektaCalls calls) {
        this.calls = calls;
    }

    /// Empty if Conekta has no such order.
    public Optional<Answered> order(String id) throws InterruptedException {
        return calls.find(Operation.READ_ORDER, id, api -> api.readOrder(id));
    }

    /// Empty if this customer has no such subscription.
    public Optional<Answered> subscription(String customer, String id) throws InterruptedException {
        return calls.find(Operation.READ_SUBSCRIPTION, id, api -> api.readSubscription(customer, id));
    }

    /// Empty if Conekta has no such customer.
    public Optional<Answered> customer(String id) throws InterruptedException {
        return calls.find(Operation.READ_CUSTOMER, id, api -> api.readCustomer(id));
    }
}
