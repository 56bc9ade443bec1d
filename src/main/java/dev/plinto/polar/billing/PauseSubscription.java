package dev.plinto.polar.billing;

import dev.plinto.polar.audit.Action;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.billing.SubscriptionCall.Call;
import dev.plinto.polar.billing.SubscriptionCall.Wish;
import dev.plinto.polar.billing.idempotency.Answer;
import dev.plinto.polar.billing.idempotency.Attempt;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Needs.OrganizationIn;
import dev.plinto.polar.caller.Permission;
import dev.plinto.polar.conekta.api.ConektaChange;
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

/// Pauses a subscription when its period ends, at Conekta at once; and ends a pause, or takes one back that has not
/// begun.
@Path("/api/v1/polar/subscriptions/{subscription_id}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(value = Permission.MANAGE, organization = OrganizationIn.METHOD)
public class PauseSubscription {

    private final SubscriptionCall call;
    private final SubscriptionChanges changes;
    private final ConektaChanges conekta;

    PauseSubscription(SubscriptionCall call, SubscriptionChanges changes, ConektaChanges conekta) {
        this.call = call;
        this.changes = changes;
        this.conekta = conekta;
    }

    /// @param body    without fields
    /// @param headers may have one `Idempotency-Key`
    @POST
    @Path("pause")
    public Uni<Response> pause(@Nullable String body, @Context UriInfo uri, @Context HttpHeaders headers) {
        return call.once(new Call("POST", uri, headers), subscription -> new Wish(Fields.none(body),
                attempt -> pause(attempt, subscription)));
    }

    private Answer pause(Attempt attempt, KnownSubscription subscription) throws InterruptedException {
        Entry entry = subscription.entry(Action.PAUSE_SUBSCRIPTION, null, null, null);
        return switch (subscription.provider()) {
            case POLAR -> changes.make(attempt, subscription, new SubscriptionChange.PauseAtPeriodEnd(null), entry);
            case CONEKTA -> conekta.make(attempt, subscription, ConektaChange.PAUSE, entry);
            case FUNGIES -> throw SubscriptionProblems.NOT_AT_FUNGIES.exception();
        };
    }

    /// @param body    without fields
    /// @param headers may have one `Idempotency-Key`
    @POST
    @Path("resume")
    public Uni<Response> resume(@Nullable String body, @Context UriInfo uri, @Context HttpHeaders headers) {
        return call.once(new Call("POST", uri, headers), subscription -> new Wish(Fields.none(body),
                attempt -> resume(attempt, subscription)));
    }

    private Answer resume(Attempt attempt, KnownSubscription subscription) throws InterruptedException {
        Entry entry = subscription.entry(Action.RESUME_SUBSCRIPTION, null, null, null);
        return switch (subscription.provider()) {
            case POLAR -> changes.make(attempt, subscription, resumption(subscription), entry);
            case CONEKTA -> conekta.make(attempt, subscription, ConektaChange.RESUME, entry);
            case FUNGIES -> throw SubscriptionProblems.NOT_AT_FUNGIES.exception();
        };
    }

    /// Whether a pause has begun, or is to come, only Polar knows for sure.
    private SubscriptionChange resumption(KnownSubscription subscription) throws InterruptedException {
        return changes.now(subscription).answer().object().isPaused()
                ? new SubscriptionChange.Resume()
                : new SubscriptionChange.WithdrawPause();
    }
}
