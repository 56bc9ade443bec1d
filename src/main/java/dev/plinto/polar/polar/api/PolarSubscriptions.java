package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.api.Polar.Page;
import dev.plinto.polar.polar.api.SubscriptionChange.CancelAtPeriodEnd;
import dev.plinto.polar.polar.api.SubscriptionChange.PauseAtPeriodEnd;
import dev.plinto.polar.polar.api.SubscriptionChange.Plan;
import dev.plinto.polar.polar.api.SubscriptionChange.Resume;
import dev.plinto.polar.polar.api.SubscriptionChange.Revoke;
import dev.plinto.polar.polar.api.SubscriptionChange.Seats;
import dev.plinto.polar.polar.api.SubscriptionChange.Uncancel;
import dev.plinto.polar.polar.api.SubscriptionChange.WithdrawPause;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Subscriptions at Polar. Each call blocks, most for one organization, whose user waits, and throws [PolarFailure] if
/// Polar does not answer or refuses.
@ApplicationScoped
public class PolarSubscriptions {

    private static final String NEWEST_FIRST = "-started_at"; // Polar does not sort them by created_at

    private final PolarCalls calls;

    PolarSubscriptions(PolarCalls calls) {
        this.calls = calls;
    }

    /// Empty if Polar has no such subscription.
    public Optional<Dated<Answered<PolarSubscription>>> find(Purpose.ForOrganization caller, String id)
            throws InterruptedException {
        return calls.find(caller, Operation.READ_SUBSCRIPTION, "id", id, api -> api.readSubscription(id),
                answer -> Answered.itself(answer, "id", id, PolarSubscription::of));
    }

    /// The newest 100 of a customer, newest first; empty if Polar cannot have such a customer.
    public Optional<Dated<List<Answered<PolarSubscription>>>> newestOf(Purpose.ForOrganization caller,
            String customerId) throws InterruptedException {
        return calls.find(caller, Operation.LIST_SUBSCRIPTIONS_OF_CUSTOMER, "customer_id", customerId,
                api -> api.listSubscriptionsOf(customerId, NEWEST_FIRST, Polar.PAGE, 1),
                answer -> Page.of(answer,
                        item -> Answered.itself(item, "customer_id", customerId, PolarSubscription::of)).items());
    }

    /// Subscribes a customer to a free product. Refused with [Refusal#PRODUCT_REFUSED] if the product costs something.
    public Dated<Answered<PolarSubscription>> startFree(Purpose.ForOrganization caller, String customerId,
            String productId, Map<String, String> metadata) throws InterruptedException {
        String body = RequestBody.of(new FreeSubscription(productId, customerId, metadata));
        return calls.call(caller, Operation.CREATE_SUBSCRIPTION, api -> api.createSubscription(body),
                answer -> Answered.itself(answer, "customer_id", customerId, PolarSubscription::of));
    }

    /// @return the subscription after the change
    public Dated<Answered<PolarSubscription>> change(Purpose caller, String id,
            SubscriptionChange change) throws InterruptedException {
        String body = RequestBody.of(body(change));
        return calls.call(caller, Operation.UPDATE_SUBSCRIPTION, api -> api.updateSubscription(id, body),
                answer -> Answered.itself(answer, "id", id, PolarSubscription::of));
    }

    private static Record body(SubscriptionChange change) {
        return switch (change) {
            case Plan plan -> plan;
            case Seats seats -> seats;
            case CancelAtPeriodEnd why -> new Cancellation(true, why.reason(), why.comment());
            case Uncancel uncancel -> new Cancellation(false, null, null);
            case Revoke why -> new Revocation(true, why.reason(), why.comment());
            case PauseAtPeriodEnd until ->
                new Pause(true, Optional.ofNullable(until.resumesAt()).map(Instant::toString).orElse(null));
            case WithdrawPause withdraw -> new Pause(false, null);
            case Resume resume -> new Resumption(true);
        };
    }

    private record FreeSubscription(String productId, String customerId, Map<String, String> metadata) {}

    private record Cancellation(boolean cancelAtPeriodEnd, @Nullable String customerCancellationReason,
            @Nullable String customerCancellationComment) {}

    private record Revocation(boolean revoke, @Nullable String customerCancellationReason,
            @Nullable String customerCancellationComment) {}

    private record Pause(boolean pauseAtPeriodEnd, @Nullable String resumesAt) {}

    private record Resumption(boolean resume) {}
}
