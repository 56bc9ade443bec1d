package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/// A subscription of the simulated Polar; the fields are Polar's, in the order in which they are sent.
final class Subscription {

    UUID id;
    Instant createdAt;
    Instant modifiedAt;
    int amount;
    String currency;
    String recurringInterval;
    int recurringIntervalCount;
    SubscriptionStatus status;
    Instant currentPeriodStart;
    Instant currentPeriodEnd;
    Instant currentMeterPeriodStart;
    Instant currentMeterPeriodEnd;
    Instant trialStart;
    Instant trialEnd;
    boolean cancelAtPeriodEnd;
    Instant canceledAt;
    Instant startedAt;
    Instant endsAt;
    Instant endedAt;
    Instant pastDueAt;
    boolean pauseAtPeriodEnd;
    Instant pausedAt;
    Instant resumesAt;
    UUID customerId;
    UUID productId;
    UUID discountId;
    UUID checkoutId;
    Integer seats;
    Integer units;
    String customerCancellationReason;
    String customerCancellationComment;
    Map<String, Object> metadata;
    Map<String, Object> customFieldData = Map.of();
    PendingUpdate pendingUpdate;

    boolean ended() {
        return endedAt != null;
    }

    boolean billable() {
        return status.grantsBenefits() || status == SubscriptionStatus.PAST_DUE;
    }

    boolean hasIntervalOf(Product product) {
        return recurringInterval.equals(product.recurringInterval())
                && Objects.equals(recurringIntervalCount, product.recurringIntervalCount());
    }

    /// `trialEnds` is null without a trial.
    void start(Instant now, Instant trialEnds) {
        boolean trial = trialEnds != null;
        status = trial ? SubscriptionStatus.TRIALING : SubscriptionStatus.ACTIVE;
        startedAt = now;
        currentPeriodStart = now;
        currentPeriodEnd = trial ? trialEnds : periodAfter(now);
        trialStart = trial ? now : null;
        trialEnd = trial ? currentPeriodEnd : null;
    }

    /// Or becomes one of this product's at the end of the period.
    boolean isOf(UUID product) {
        return productId.equals(product) || pendingUpdate != null && product.equals(pendingUpdate.productId);
    }

    void switchTo(Product product) {
        productId = product.id();
        recurringInterval = product.recurringInterval();
        recurringIntervalCount = product.recurringIntervalCount();
        amount = product.price().amount(seats);
        currency = product.price().priceCurrency();
    }

    /// What has waited for the next period takes effect. `product` is the one that was scheduled, or its own.
    void applyPendingUpdate(Product product) {
        if (pendingUpdate.seats() != null) {
            seats = pendingUpdate.seats();
        }
        switchTo(product);
        pendingUpdate = null;
    }

    /// Does not wait for a month to pass: a period that has not ended by the clock is cut short.
    void beginPeriod(Instant now) {
        modifiedAt = now;
        status = SubscriptionStatus.ACTIVE;
        currentPeriodStart = now.isAfter(currentPeriodEnd) ? currentPeriodEnd : now;
        currentPeriodEnd = periodAfter(currentPeriodStart);
        pausedAt = null;
        resumesAt = null;
    }

    /// What lies between its last period and now is not paid for.
    void resume(Instant now) {
        currentPeriodEnd = now;
        beginPeriod(now);
    }

    void cancelAtPeriodEnd(Instant now, Cancellations.Reason why) {
        modifiedAt = now;
        cancelAtPeriodEnd = true;
        canceledAt = now;
        endsAt = currentPeriodEnd;
        explain(why);
    }

    /// A reason that is not given leaves the one that was given before.
    void explain(Cancellations.Reason why) {
        customerCancellationReason = why.reason() == null ? customerCancellationReason : why.reason();
        customerCancellationComment = why.comment() == null ? customerCancellationComment : why.comment();
    }

    void uncancel(Instant now) {
        modifiedAt = now;
        cancelAtPeriodEnd = false;
        canceledAt = null;
        endsAt = null;
        customerCancellationReason = null;
        customerCancellationComment = null;
    }

    /// `asCancelled`: its last period is over; otherwise it ends at once, which withdraws the cancellation.
    void end(Instant now, boolean asCancelled) {
        modifiedAt = now;
        status = SubscriptionStatus.CANCELED;
        cancelAtPeriodEnd = asCancelled;
        canceledAt = canceledAt == null ? now : canceledAt;
        endsAt = asCancelled && now.isAfter(endsAt) ? endsAt : now;
        endedAt = endsAt;
    }

    void reinstate(Instant now) {
        uncancel(now);
        endedAt = null;
        pastDueAt = null;
        resume(now);
    }

    void fallDue(Instant now) {
        modifiedAt = now;
        status = SubscriptionStatus.PAST_DUE;
        pastDueAt = now;
    }

    void pause(Instant now) {
        modifiedAt = now;
        status = SubscriptionStatus.PAUSED;
        pauseAtPeriodEnd = false;
        pausedAt = now;
    }

    private Instant periodAfter(Instant start) {
        return Intervals.after(start, recurringInterval, recurringIntervalCount);
    }

    static Instant monthAfter(Instant start) {
        return monthsAfter(start, 1);
    }

    static Instant monthsAfter(Instant start, int months) {
        return start.atOffset(ZoneOffset.UTC).plusMonths(months).toInstant();
    }

    /// A change of plan that waits for the end of the period.
    record PendingUpdate(
            UUID id,
            Instant createdAt,
            Instant modifiedAt,
            Instant appliesAt,
            UUID productId,
            Integer seats,
            Integer units) {}
}
