package dev.plinto.polar.sandbox.polar;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Polar's clock, and what happens by itself when it reaches a time: periods and trials end, pauses begin and end,
/// payments are decided and tried again, checkouts and invitations expire.
///
/// Everything that is due happens in the order of its time, and its objects and events have that time: whether the
/// clock was moved, or nobody looked for days.
public final class Calendar {

    private final SimulatedState state;
    private final Emissions emissions;
    private final Checkouts checkouts;
    private final CheckoutSessions sessions;
    private final Subscriptions subscriptions;

    Calendar(
            SimulatedState state, Emissions emissions, Checkouts checkouts, CheckoutSessions sessions,
            Subscriptions subscriptions) {
        this.state = state;
        this.emissions = emissions;
        this.checkouts = checkouts;
        this.sessions = sessions;
        this.subscriptions = subscriptions;
    }

    /// How far the clock has been moved.
    public Duration ahead() {
        return emissions.ahead();
    }

    /// What is due next; empty if nothing is.
    public Optional<DueWork> next() {
        return Stream.of(ofSubscriptions(), ofOrders(), ofCheckouts(), ofSeats())
                .flatMap(due -> due)
                .min(Comparator.comparing(DueWork::at));
    }

    /// Moves the clock forward, to the time that `later` makes of the present one.
    ///
    /// @return what happened, in this order
    /// @throws IllegalArgumentException if that is not later
    public List<DueWork> move(UnaryOperator<Instant> later) {
        emissions.move(later);
        return catchUp();
    }

    /// Does what has fallen due by the clock.
    ///
    /// @return what happened, in this order
    public List<DueWork> catchUp() {
        Instant now = emissions.now();
        List<DueWork> done = new ArrayList<>();
        for (Optional<DueWork> due = next(); due.isPresent() && !due.get().at().isAfter(now); due = next()) {
            if (!done.isEmpty() && due.get().equals(done.getLast())) {
                throw new IllegalStateException(due.get() + " was done, and is due again");
            }
            DueWork work = due.get();
            emissions.asOf(work.at(), () -> perform(work));
            done.add(work);
        }
        return done;
    }

    private void perform(DueWork due) {
        switch (due.type()) {
            case TRIAL_END, RENEWAL -> subscriptions.renew(due.id());
            case CANCELLATION -> subscriptions.endPeriod(due.id());
            case PAUSE -> subscriptions.pause(due.id());
            case RESUMPTION -> subscriptions.resume(due.id());
            case PAYMENT_RETRY -> subscriptions.retryPayment(due.id());
            case PAYMENT_DECISION -> sessions.decide(due.id());
            case CHECKOUT_EXPIRY -> checkouts.expire(due.id());
            case INVITATION_EXPIRY -> state.invitationsExpiredUntil = due.at();
        }
    }

    private Stream<DueWork> ofSubscriptions() {
        return state.subscriptions.values().stream().flatMap(subscription -> type(subscription)
                .map(type -> new DueWork(type, subscription.id, type == DueWork.Type.RESUMPTION
                        ? subscription.resumesAt
                        : subscription.currentPeriodEnd))
                .stream());
    }

    /// What comes next in its life. While a payment is due, its retries decide how it goes on.
    private static Optional<DueWork.Type> type(Subscription subscription) {
        return Optional.ofNullable(switch (subscription.status) {
            case CANCELED -> null;
            case PAUSED -> subscription.resumesAt == null ? null : DueWork.Type.RESUMPTION;
            case PAST_DUE -> subscription.cancelAtPeriodEnd ? DueWork.Type.CANCELLATION : null;
            case TRIALING -> atPeriodEnd(subscription, DueWork.Type.TRIAL_END);
            case ACTIVE -> atPeriodEnd(subscription, DueWork.Type.RENEWAL);
        });
    }

    private static DueWork.Type atPeriodEnd(Subscription subscription, DueWork.Type otherwise) {
        if (subscription.cancelAtPeriodEnd) {
            return DueWork.Type.CANCELLATION;
        }
        return subscription.pauseAtPeriodEnd ? DueWork.Type.PAUSE : otherwise;
    }

    private Stream<DueWork> ofOrders() {
        return state.orders.values().stream()
                .filter(order -> order.nextPaymentAttemptAt != null && !order.paid && isPastDue(order))
                .map(order -> new DueWork(DueWork.Type.PAYMENT_RETRY, order.id, order.nextPaymentAttemptAt));
    }

    private boolean isPastDue(Order order) {
        return order.subscriptionId != null
                && state.subscriptions.get(order.subscriptionId).status == SubscriptionStatus.PAST_DUE;
    }

    private Stream<DueWork> ofCheckouts() {
        return state.checkouts.values().stream().flatMap(checkout -> {
            if (checkout.paymentDueAt != null) {
                return Stream.of(new DueWork(DueWork.Type.PAYMENT_DECISION, checkout.id, checkout.paymentDueAt));
            }
            return checkout.status.equals(Checkout.OPEN)
                    ? Stream.of(new DueWork(DueWork.Type.CHECKOUT_EXPIRY, checkout.id, checkout.expiresAt))
                    : Stream.of();
        });
    }

    private Stream<DueWork> ofSeats() {
        return state.seats.values().stream()
                .filter(seat -> seat.status.equals(Seat.PENDING)
                        && seat.invitationTokenExpiresAt.isAfter(state.invitationsExpiredUntil))
                .map(seat -> new DueWork(DueWork.Type.INVITATION_EXPIRY, seat.id, seat.invitationTokenExpiresAt));
    }
}
