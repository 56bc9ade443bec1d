package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;

/// The terms of a subscription other than what is bought: its periods, trial, discount and metadata. Each action emits
/// `subscription.updated`, `customer.state_changed`.
public final class SubscriptionTerms {

    private final SimulatedState state;
    private final Subscriptions subscriptions;
    private final Emissions emissions;
    private final BusinessFaults faults;

    SubscriptionTerms(
            SimulatedState state, Subscriptions subscriptions, Emissions emissions, BusinessFaults faults) {
        this.state = state;
        this.subscriptions = subscriptions;
        this.emissions = emissions;
        this.faults = faults;
    }

    /// What changes; null is left as it is, but a null `discount` removes the discount if `changesDiscount`.
    public record NewTerms(TrialEnd trialEnd, boolean changesDiscount, UUID discount, Map<String, ?> metadata) {}

    /// When a trial is to end.
    public sealed interface TrialEnd {

        record Now() implements TrialEnd {}

        record At(Instant time) implements TrialEnd {}
    }

    /// A trial that ends now emits what [Subscriptions#renew(UUID)] does.
    ///
    /// @throws Refusal if the trial is to change and the subscription is not in use
    /// @throws InvalidFields if a value is impossible
    public void update(UUID id, NewTerms wanted) {
        Subscription subscription = SimulatedState.find(state.subscriptions, id);
        check(subscription, wanted);
        set(subscription, wanted);
        if (wanted.trialEnd instanceof TrialEnd.Now) {
            endTrial(subscription);
            return;
        }
        if (wanted.trialEnd instanceof TrialEnd.At(Instant time)) {
            moveTrialEnd(subscription, time);
        }
        tell(subscription);
    }

    /// The period ends then; it is not a period more or less.
    ///
    /// @throws Refusal if the subscription is canceled or not in use
    /// @throws InvalidFields if that is not in the future
    public void endPeriodAt(UUID id, Instant end) {
        Subscription subscription = SimulatedState.find(state.subscriptions, id);
        if (subscription.ended() || subscription.cancelAtPeriodEnd) {
            throw Cancellations.alreadyCanceled();
        }
        requireInUse(subscription);
        requireFuture("current_billing_period_end", end);
        moveEnd(subscription, end);
        tell(subscription);
    }

    void check(Subscription subscription, NewTerms wanted) {
        if (wanted.changesDiscount && wanted.discount != null) {
            if (!state.discounts.containsKey(wanted.discount)) {
                throw InvalidFields.of(
                        "Discount does not exist, is not applicable to this product or is not redeemable.",
                        "discount_id");
            }
            if (Objects.equals(wanted.discount, subscription.discountId)) {
                throw InvalidFields.of("This discount is already applied to the subscription.", "discount_id");
            }
        }
        if (wanted.trialEnd == null) {
            return;
        }
        requireInUse(subscription);
        boolean trialing = subscription.status == SubscriptionStatus.TRIALING;
        switch (wanted.trialEnd) {
            case TrialEnd.Now() -> {
                if (!trialing) {
                    throw InvalidFields.of("The subscription is not currently trialing.", "trial_end");
                }
            }
            case TrialEnd.At(Instant time) -> {
                requireFuture("trial_end", time);
                if (!trialing && !time.isAfter(subscription.currentPeriodEnd)) {
                    throw InvalidFields.of("Trial end must be after the current period end.", "trial_end");
                }
            }
        }
    }

    /// All but the trial, and tells nobody.
    void set(Subscription subscription, NewTerms wanted) {
        if (wanted.changesDiscount) {
            subscription.discountId = wanted.discount;
        }
        if (wanted.metadata != null) {
            subscription.metadata = new TreeMap<>(wanted.metadata);
        }
    }

    void moveTrialEnd(Subscription subscription, Instant end) {
        if (subscription.status != SubscriptionStatus.TRIALING) {
            subscription.status = SubscriptionStatus.TRIALING;
            subscription.trialStart = emissions.next();
        }
        subscription.trialEnd = end;
        moveEnd(subscription, end);
    }

    /// The period ends with the trial: what was to happen at its end happens now.
    void endTrial(Subscription subscription) {
        subscription.trialEnd = emissions.next();
        moveEnd(subscription, subscription.trialEnd);
        if (subscription.cancelAtPeriodEnd) {
            subscriptions.endPeriod(subscription.id);
        } else if (subscription.pauseAtPeriodEnd) {
            subscriptions.pause(subscription.id);
        } else if (faults.happens(BusinessFault.CARD_DECLINED, subscription.id)) {
            subscriptions.failToRenew(subscription.id);
        } else {
            subscriptions.renew(subscription.id);
        }
    }

    static Refusal inactive(Subscription subscription) {
        return new Refusal(403, "InactiveSubscription", "Subscription " + subscription.id + " is not active.");
    }

    private static void moveEnd(Subscription subscription, Instant end) {
        subscription.currentPeriodEnd = end;
        if (subscription.cancelAtPeriodEnd) {
            subscription.endsAt = end;
        }
        Subscription.PendingUpdate pending = subscription.pendingUpdate;
        if (pending != null) {
            subscription.pendingUpdate = new Subscription.PendingUpdate(
                    pending.id(), pending.createdAt(), pending.modifiedAt(), end, pending.productId(),
                    pending.seats(), pending.units());
        }
    }

    private void requireFuture(String field, Instant time) {
        if (!time.isAfter(emissions.now())) {
            throw InvalidFields.of("Datetime should be in the future.", field);
        }
    }

    private static void requireInUse(Subscription subscription) {
        if (!subscription.status.grantsBenefits()) {
            throw inactive(subscription);
        }
    }

    private void tell(Subscription subscription) {
        subscription.modifiedAt = emissions.next();
        subscriptions.emit(subscription, "updated");
        subscriptions.settle(subscription);
    }
}
