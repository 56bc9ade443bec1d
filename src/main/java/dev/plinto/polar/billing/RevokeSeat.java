package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.billing.OnceForOrganization.Sent;
import dev.plinto.polar.caller.CallCheck;
import dev.plinto.polar.caller.Caller;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Needs.OrganizationIn;
import dev.plinto.polar.caller.Permission;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

/// Takes a seat from whoever has it, or is invited to it. A seat that is revoked already stays so.
@Path("/api/v1/polar/subscriptions/{subscription_id}/seats/{seat_id}")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(value = Permission.MANAGE, organization = OrganizationIn.METHOD)
public class RevokeSeat {

    private final SeatLookup lookup;
    private final OnceForOrganization requests;
    private final SeatRevocation revocation;
    private final SeatAnswer answer;
    private final CallCheck check;

    RevokeSeat(SeatLookup lookup, OnceForOrganization requests, SeatRevocation revocation, SeatAnswer answer,
            CallCheck check) {
        this.lookup = lookup;
        this.requests = requests;
        this.revocation = revocation;
        this.answer = answer;
        this.check = check;
    }

    /// 404 `seat-unknown` also for a seat of another subscription.
    ///
    /// @param headers may have one `Idempotency-Key`
    @DELETE
    public Uni<Response> revoke(@PathParam("subscription_id") String subscriptionId,
            @PathParam("seat_id") String seatId, @Context UriInfo uri, @Context HttpHeaders headers) {
        return lookup.require(subscriptionId).flatMap(subscription -> {
            Caller caller = check.require(subscription.account(), SeatLookup.UNKNOWN);
            SubscriptionProblems.requireSeatsFor(subscriptionId);
            SeatRevocation.requireId(seatId);
            Actor actor = Actor.ofOrganization(caller);
            return requests.once(new Sent("DELETE", uri, headers, MissingNode.getInstance()), caller,
                    subscription.account(),
                    attempt -> answer.of(200, revocation.revoke(attempt, subscription, seatId, actor)))
                    .map(outcome -> outcome.answer().responseBuilder().build());
        });
    }
}
