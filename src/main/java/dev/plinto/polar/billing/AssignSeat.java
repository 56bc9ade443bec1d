package dev.plinto.polar.billing;

import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.billing.OnceForOrganization.Sent;
import dev.plinto.polar.billing.SeatLookup.Container;
import dev.plinto.polar.caller.CallCheck;
import dev.plinto.polar.caller.Caller;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Needs.OrganizationIn;
import dev.plinto.polar.caller.Permission;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jspecify.annotations.Nullable;

/// Gives a person a seat of a subscription: a user at once, and who is known by an e-mail only by an invitation.
@Path("/api/v1/polar/subscriptions/{subscription_id}/seats")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(value = Permission.MANAGE, organization = OrganizationIn.METHOD)
public class AssignSeat {

    private final SeatLookup lookup;
    private final OnceForOrganization requests;
    private final SeatAssignment assignment;
    private final SeatAnswer answer;
    private final CallCheck check;

    AssignSeat(SeatLookup lookup, OnceForOrganization requests, SeatAssignment assignment, SeatAnswer answer,
            CallCheck check) {
        this.lookup = lookup;
        this.requests = requests;
        this.assignment = assignment;
        this.answer = answer;
        this.check = check;
    }

    /// @param headers may have one `Idempotency-Key`
    @POST
    public Uni<Response> assign(@PathParam("subscription_id") String subscriptionId, @Nullable String body,
            @Context UriInfo uri, @Context HttpHeaders headers) {
        return lookup.require(subscriptionId).flatMap(subscription -> {
            Caller caller = check.require(subscription.account(), SeatLookup.UNKNOWN);
            SubscriptionProblems.requireSeatsFor(subscriptionId);
            SeatRequest request = SeatRequest.read(body == null ? "" : body);
            return assign(new Sent("POST", uri, headers, request.sent()), caller, subscription, request);
        });
    }

    private Uni<Response> assign(Sent sent, Caller caller, Container subscription, SeatRequest request) {
        Actor actor = Actor.ofOrganization(caller);
        return requests.once(sent, caller, subscription.account(),
                attempt -> answer.of(201, assignment.give(attempt, subscription, request, actor)))
                .map(outcome -> outcome.answer().responseBuilder().header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build());
    }
}
