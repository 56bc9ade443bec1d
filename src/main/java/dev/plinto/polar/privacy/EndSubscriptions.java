package dev.plinto.polar.privacy;

import dev.plinto.polar.conekta.api.ConektaFailure;
import dev.plinto.polar.polar.PolarDialect;
import dev.plinto.polar.polar.api.FailureReason;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.polar.api.PolarSubscriptions;
import dev.plinto.polar.polar.api.Purpose;
import dev.plinto.polar.polar.api.Refusal;
import dev.plinto.polar.polar.api.SubscriptionChange.Revoke;
import dev.plinto.polar.privacy.ErasureStore.Attempt;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Ends the organization's live subscriptions, whoever bought them: at Polar now, at Conekta with what is paid. What
/// follows from it comes in by the provider's events.
@ApplicationScoped
class EndSubscriptions {

    private static final Set<Refusal> HAS_ENDED = EnumSet.of(
            Refusal.ALREADY_CANCELED, Refusal.SUBSCRIPTION_INACTIVE, Refusal.SUBSCRIPTION_ENDED, Refusal.NOT_FOUND);

    private final Pool pool;
    private final PolarSubscriptions polar;
    private final CustomersAtConekta conekta;

    EndSubscriptions(Pool pool, PolarSubscriptions polar, CustomersAtConekta conekta) {
        this.pool = pool;
        this.polar = polar;
        this.conekta = conekta;
    }

    /// @return what was done, in words
    /// @throws PolarFailure   if Polar does not answer; the next attempt goes on with what is still live
    /// @throws ConektaFailure if Conekta does not, likewise
    Optional<String> take(Attempt attempt) throws InterruptedException {
        List<String> live = ErasureStore.inOne(pool,
                store -> store.liveSubscriptions(attempt.subject().organization()));
        List<String> own = live.stream().filter(PolarDialect::isOwn).toList();
        for (String subscription : own) {
            end(subscription);
        }
        int atConekta = conekta.endSubscriptions(attempt.subject().organization());
        int ended = own.size() + atConekta;
        int left = live.size() - ended;
        String outcome = ended == 0 ? "nothing to end" : ended + " ended";
        return Optional.of(left <= 0 ? outcome : outcome + ", " + left + " left at another provider");
    }

    /// However often: Polar refuses to end again what has ended.
    private void end(String subscription) throws InterruptedException {
        try {
            polar.change(Purpose.Upkeep.ERASURE, subscription, new Revoke(null, null));
        } catch (PolarFailure failure) {
            if (!(failure.reason() instanceof FailureReason.Refused refused)
                    || !HAS_ENDED.contains(refused.refusal())) {
                throw failure;
            }
        }
    }
}
