package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
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

    void cancelAtPeriodEnd(Instant now) {
        modifiedAt = now;
        cancelAtPeriodEnd = true;
        canceledAt = now;
        endsAt = currentPeriodEnd;
        customerCancellationReason = "unused";
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
        OffsetDateTime begin = start.atOffset(ZoneOffset.UTC);
        return switch (recurringInterval) {
            case "day" -> begin.plusDays(recurringIntervalCount).toInstant();
            case "week" -> begin.plusWeeks(recurringIntervalCount).toInstant();
            case "year" -> begin.plusYears(recurringIntervalCount).toInstant();
            default -> begin.plusMonths(recurringIntervalCount).toInstant();
        };
    }

    static Instant monthAfter(Instant start) {
        return start.atOffset(ZoneOffset.UTC).plusMonths(1).toInstant();
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
