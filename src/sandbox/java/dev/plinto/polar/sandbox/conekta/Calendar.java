package dev.plinto.polar.sandbox.conekta;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/// What happens at its time: checkouts expire, subscriptions renew. A payment that has failed is not retried by itself.
public final class Calendar {

    private final ConektaState state;
    private final Journal journal;
    private final Orders orders;
    private final Subscriptions subscriptions;

    Calendar(ConektaState state, Journal journal, Orders orders, Subscriptions subscriptions) {
        this.state = state;
        this.journal = journal;
        this.orders = orders;
        this.subscriptions = subscriptions;
    }

    /// Does what has fallen due, in the order of its time.
    public void catchUp() {
        Instant now = journal.now();
        for (Optional<Due> due = next(); due.isPresent() && !due.get().at.isAfter(now); due = next()) {
            journal.at(due.get().at, due.get().action);
        }
    }

    /// When something is due next; empty if nothing is.
    public Optional<Instant> nextDue() {
        return next().map(Due::at);
    }

    private Optional<Due> next() {
        Stream<Due> expiries = state.orders.values().stream().filter(Order::isOpen)
                .map(order -> new Due(order.checkout.expiresAt, () -> orders.expire(order.id)));
        Stream<Due> renewals = state.subscriptions.values().stream()
                .filter(subscription -> switch (subscription.status) {
                    case ACTIVE, IN_TRIAL -> true;
                    case PAST_DUE, PAUSED, CANCELED -> false;
                })
                .map(subscription -> new Due(subscription.billingCycleEnd, () -> renew(subscription)));
        return Stream.concat(expiries, renewals).min(Comparator.comparing(Due::at));
    }

    private void renew(Subscription subscription) {
        if (subscription.cardDeclines) {
            subscriptions.failToRenew(subscription.id);
        } else {
            subscriptions.renew(subscription.id);
        }
    }

    private record Due(Instant at, Runnable action) {}
}
