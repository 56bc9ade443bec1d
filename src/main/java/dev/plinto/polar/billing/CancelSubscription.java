package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.Action;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.billing.OnceForOrganization.Work;
import dev.plinto.polar.billing.SubscriptionCall.Call;
import dev.plinto.polar.billing.SubscriptionCall.Wish;
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

/// Ends a subscription with its period, or now; and takes a cancellation back until the period has ended.
@Path("/api/v1/polar/subscriptions/{subscription_id}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(value = Permission.MANAGE, organization = OrganizationIn.METHOD)
public class CancelSubscription {

    private static final Problem END_NOW = SubscriptionProblems.notSupported("Conekta ends nothing before the period "
            + "that is paid: cancel with \"at\": \"period_end\". Who is to be paid back asks the merchant, who can "
            + "refund the order in Conekta's panel.");
    private static final Problem UNCANCEL = SubscriptionProblems
            .notSupported("Conekta takes no cancellation back. Sell "
                    + "the subscription anew (POST /api/v1/polar/checkout).");

    private final SubscriptionCall call;
    private final SubscriptionChanges changes;
    private final ConektaChanges conekta;

    CancelSubscription(SubscriptionCall call, SubscriptionChanges changes, ConektaChanges conekta) {
        this.call = call;
        this.changes = changes;
        this.conekta = conekta;
    }

    /// @param body    may be empty
    /// @param headers may have one `Idempotency-Key`
    @POST
    @Path("cancel")
    public Uni<Response> cancel(@Nullable String body, @Context UriInfo uri, @Context HttpHeaders headers) {
        return call.once(new Call("POST", uri, headers), subscription -> {
            CancelRequest request = CancelRequest.read(body);
            Entry entry = subscription.entry(Action.CANCEL_SUBSCRIPTION, null, request.at(),
                    request.reason().orElse(null));
            return new Wish(request.body(), switch (subscription.provider()) {
                case POLAR -> attempt -> changes.make(attempt, subscription, request.change(), entry);
                case CONEKTA -> cancelAtConekta(subscription, request, entry);
                case FUNGIES -> throw SubscriptionProblems.NOT_AT_FUNGIES.exception();
            });
        });
    }

    /// Its reason is for our audit log: Conekta takes none.
    private Work cancelAtConekta(KnownSubscription subscription, CancelRequest request, Entry entry) {
        if (request.isNow()) {
            throw END_NOW.exception();
        }
        return attempt -> conekta.make(attempt, subscription, ConektaChange.CANCEL, entry);
    }

    /// @param body    without fields
    /// @param headers may have one `Idempotency-Key`
    @POST
    @Path("uncancel")
    public Uni<Response> uncancel(@Nullable String body, @Context UriInfo uri, @Context HttpHeaders headers) {
        return call.once(new Call("POST", uri, headers), subscription -> new Wish(Fields.none(body),
                switch (subscription.provider()) {
                    case POLAR -> attempt -> changes.make(attempt, subscription, new SubscriptionChange.Uncancel(),
                            subscription.entry(Action.UNCANCEL_SUBSCRIPTION, null, null, null));
                    case CONEKTA -> throw UNCANCEL.exception();
                    case FUNGIES -> throw SubscriptionProblems.NOT_AT_FUNGIES.exception();
                }));
    }
}
