package dev.plinto.polar.privacy;

import dev.plinto.polar.polar.api.FailureReason;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.polar.api.PolarSubscriptions;
import dev.plinto.polar.polar.api.Purpose;
import dev.plinto.polar.polar.api.SubscriptionChange.Revoke;
import dev.plinto.polar.privacy.ErasureStore.Attempt;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/// Ends the organization's live subscriptions at Polar, now: those that Polar does not end by itself, since their
/// customer stays. What follows from it comes in by Polar's events.
@ApplicationScoped
class EndSubscriptions {

    private final Pool pool;
    private final PolarSubscriptions polar;

    EndSubscriptions(Pool pool, PolarSubscriptions polar) {
        this.pool = pool;
        this.polar = polar;
    }

    /// @return what was done, in words
    /// @throws PolarFailure if Polar does not answer; the next attempt goes on with what is still live
    Optional<String> take(Attempt attempt) throws InterruptedException {
        List<String> live = ErasureStore.inOne(pool, store -> store.liveSubscriptionsBeside(
                attempt.keepsAtProvider() ? List.of() : store.customersToDelete(attempt),
                attempt.subject().organization()));
        for (String subscription : live) {
            end(subscription);
        }
        return Optional.of(live.isEmpty() ? "nothing to end" : live.size() + " ended");
    }

    /// However often: Polar refuses to end again what has ended.
    private void end(String subscription) throws InterruptedException {
        try {
            polar.change(Purpose.Upkeep.ERASURE, subscription, new Revoke(null, null));
        } catch (PolarFailure failure) {
            if (!(failure.reason() instanceof FailureReason.Refused refused) || !hasEnded(refused)) {
                throw failure;
            }
        }
    }

    private static boolean hasEnded(FailureReason.Refused refused) {
        return switch (refused.refusal()) {
            case ALREADY_CANCELED, SUBSCRIPTION_INACTIVE, SUBSCRIPTION_ENDED, NOT_FOUND -> true;
            case SUBSCRIPTION_LOCKED,
                    NOTHING_SCHEDULED,
                    CANNOT_PAUSE,
                    NOT_PAUSED,
                    PAYMENT_FAILED,
                    PAYMENT_ACTION_REQUIRED,
                    PAYMENT_NOT_READY,
                    ALREADY_SUBSCRIBED,
                    EMBED_HOST_NOT_ALLOWED,
                    NOT_SOLD_BY_THE_SEAT,
                    SEATS_IN_USE,
                    TOO_FEW_SEATS,
                    TOO_MANY_SEATS,
                    NO_SEAT_LEFT,
                    SEAT_ALREADY_ASSIGNED,
                    MEMBER_MISMATCH,
                    NOT_PERMITTED,
                    BILLING_DETAILS_MISSING,
                    NO_INVOICE,
                    UNKNOWN_CUSTOMER,
                    EXTERNAL_ID_CONFLICT,
                    EMAIL_CONFLICT,
                    TEAM_REFUSED,
                    PRODUCT_REFUSED,
                    INVALID_FIELDS,
                    OTHER ->
                false;
        };
    }
}
