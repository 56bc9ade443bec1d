package dev.plinto.polar.billing;

import dev.plinto.polar.audit.Action;
import dev.plinto.polar.billing.SubscriptionCall.Call;
import dev.plinto.polar.billing.SubscriptionCall.Wish;
import dev.plinto.polar.billing.idempotency.Answer;
import dev.plinto.polar.billing.idempotency.Attempt;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Needs.OrganizationIn;
import dev.plinto.polar.caller.Permission;
import dev.plinto.polar.polar.api.PolarSubscription;
import dev.plinto.polar.polar.api.SubscriptionChange;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jspecify.annotations.Nullable;

/// Pauses a subscription when its period ends; and ends a pause, or takes one back that has not begun.
@Path("/api/v1/polar/subscriptions/{subscription_id}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(value = Permission.MANAGE, organization = OrganizationIn.METHOD)
public class PauseSubscription {

    private final SubscriptionCall call;
    private final SubscriptionChanges changes;

    PauseSubscription(SubscriptionCall call, SubscriptionChanges changes) {
        this.call = call;
        this.changes = changes;
    }

    /// @param body    without fields
    /// @param headers may have one `Idempotency-Key`
    @POST
    @Path("pause")
    public Uni<Response> pause(@Nullable String body, @Context UriInfo uri, @Context HttpHeaders headers) {
        return call.once(new Call("POST", uri, headers), subscription -> new Wish(Fields.none(body),
                attempt -> changes.make(attempt, subscription, new SubscriptionChange.PauseAtPeriodEnd(null),
                        subscription.entry(Action.PAUSE_SUBSCRIPTION, null, null, null))));
    }

    /// @param body    without fields
    /// @param headers may have one `Idempotency-Key`
    @POST
    @Path("resume")
    public Uni<Response> resume(@Nullable String body, @Context UriInfo uri, @Context HttpHeaders headers) {
        return call.once(new Call("POST", uri, headers), subscription -> new Wish(Fields.none(body),
                attempt -> resume(attempt, subscription)));
    }

    /// Whether a pause has begun, or is to come, only Polar knows for sure.
    private Answer resume(Attempt attempt, KnownSubscription subscription) throws InterruptedException {
        PolarSubscription now = changes.now(subscription).answer().object();
        return changes.make(attempt, subscription,
                now.isPaused() ? new SubscriptionChange.Resume() : new SubscriptionChange.WithdrawPause(),
                subscription.entry(Action.RESUME_SUBSCRIPTION, null, null, null));
    }
}
