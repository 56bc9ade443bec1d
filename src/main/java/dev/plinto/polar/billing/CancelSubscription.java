package dev.plinto.polar.billing;

import dev.plinto.polar.audit.Action;
import dev.plinto.polar.billing.SubscriptionCall.Call;
import dev.plinto.polar.billing.SubscriptionCall.Wish;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Needs.OrganizationIn;
import dev.plinto.polar.caller.Permission;
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

/// Ends a subscription with its period, or now; and takes a cancellation back until the period has ended.
@Path("/api/v1/polar/subscriptions/{subscription_id}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(value = Permission.MANAGE, organization = OrganizationIn.METHOD)
public class CancelSubscription {

    private final SubscriptionCall call;
    private final SubscriptionChanges changes;

    CancelSubscription(SubscriptionCall call, SubscriptionChanges changes) {
        this.call = call;
        this.changes = changes;
    }

    /// @param body    may be empty
    /// @param headers may have one `Idempotency-Key`
    @POST
    @Path("cancel")
    public Uni<Response> cancel(@Nullable String body, @Context UriInfo uri, @Context HttpHeaders headers) {
        return call.once(new Call("POST", uri, headers), subscription -> {
            CancelRequest request = CancelRequest.read(body);
            return new Wish(request.body(), attempt -> changes.make(attempt, subscription, request.change(),
                    subscription.entry(Action.CANCEL_SUBSCRIPTION, null, request.at(),
                            request.reason().orElse(null))));
        });
    }

    /// @param body    without fields
    /// @param headers may have one `Idempotency-Key`
    @POST
    @Path("uncancel")
    public Uni<Response> uncancel(@Nullable String body, @Context UriInfo uri, @Context HttpHeaders headers) {
        return call.once(new Call("POST", uri, headers), subscription -> new Wish(Fields.none(body),
                attempt -> changes.make(attempt, subscription, new SubscriptionChange.Uncancel(),
                        subscription.entry(Action.UNCANCEL_SUBSCRIPTION, null, null, null))));
    }
}
