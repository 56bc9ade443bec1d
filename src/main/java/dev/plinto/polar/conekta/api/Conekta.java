package dev.plinto.polar.conekta.api;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// Objects at Conekta, by Conekta's own ids (without the prefix that tells them from those of other providers).
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

    /// @return the subscription after it
    public Answered change(String customer, String id, ConektaChange change) throws InterruptedException {
        return calls.call(change.operation(), api -> switch (change) {
            case CANCEL -> api.cancelSubscription(customer, id);
            case PAUSE -> api.pauseSubscription(customer, id);
            case RESUME -> api.resumeSubscription(customer, id);
        });
    }

    /// The customer as it was; empty if Conekta has no such customer (any more).
    public Optional<Answered> deleteCustomer(String id) throws InterruptedException {
        return calls.find(Operation.DELETE_CUSTOMER, id, api -> api.deleteCustomer(id));
    }
}
