package dev.plinto.polar.billing;

import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.billing.OnceForOrganization.Sent;
import dev.plinto.polar.billing.SubscriptionStart.Order;
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
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Subscribes an organization to a free product, without a checkout.
@Path("/api/v1/polar")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(value = Permission.MANAGE, organization = OrganizationIn.METHOD)
public class StartSubscription {

    private final OnceForOrganization requests;
    private final SubscriptionStart start;
    private final CallCheck check;

    StartSubscription(OnceForOrganization requests, SubscriptionStart start, CallCheck check) {
        this.requests = requests;
        this.start = start;
        this.check = check;
    }

    /// @param headers may have one `Idempotency-Key`
    @POST
    @Path("subscriptions")
    public Uni<Response> start(@Nullable String body, @Context UriInfo uri, @Context HttpHeaders headers) {
        StartRequest request = StartRequest.read(body);
        String organization = request.organizationId().or(check::ownOrganization)
                .orElseThrow(CreateCheckout.NO_ORGANIZATION::exception);
        Caller caller = check.require(organization);
        request.requireAllowedFor(caller);
        Order order = new Order(organization, request.productId(), caller, user(caller, request),
                email(caller, request), Actor.ofOrganization(caller));
        return requests.once(new Sent("POST", uri, headers, request.body()), caller, organization,
                attempt -> start.make(attempt, order))
                .map(outcome -> outcome.answer().responseBuilder().build());
    }

    /// Who subscribes: a person's token says it, a service does.
    private static Optional<String> user(Caller caller, StartRequest request) {
        return caller instanceof Caller.Person person ? Optional.of(person.subject()) : request.user();
    }

    private static Optional<String> email(Caller caller, StartRequest request) {
        return caller instanceof Caller.Person person && person.email().isPresent()
                ? person.email().map(Caller.Email::address)
                : request.customerEmail();
    }
}
