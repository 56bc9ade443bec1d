package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.billing.OnceForOrganization.Sent;
import dev.plinto.polar.billing.OrganizationCustomers.OwnCustomer;
import dev.plinto.polar.billing.idempotency.Answer;
import dev.plinto.polar.billing.idempotency.Attempt;
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
import org.jspecify.annotations.Nullable;

/// Gives an organization its own customer at Polar, before it buys: at once, or in the background for a sign-up, which
/// then neither waits for Polar nor fails by it.
@Path("/api/v1/polar/customers")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(value = Permission.MANAGE, organization = OrganizationIn.METHOD)
public class CreateCustomer {

    private static final String ORGANIZATION = "organization_id";

    private static final Problem NO_ORGANIZATION = new Problem("organization-missing", 422,
            "It is not said for which organization", "Nothing was done. Send organization_id: the token names none.");

    private final OnceForOrganization requests;
    private final CustomerRegistration registration;
    private final CustomerRequestStore later;
    private final PendingErasures erasures;
    private final CallCheck check;
    private final ObjectMapper json;

    CreateCustomer(OnceForOrganization requests, CustomerRegistration registration, CustomerRequestStore later,
            PendingErasures erasures, CallCheck check, ObjectMapper json) {
        this.requests = requests;
        this.registration = registration;
        this.later = later;
        this.erasures = erasures;
        this.check = check;
        this.json = json;
    }

    /// @param headers may have one `Idempotency-Key`
    @POST
    public Uni<Response> create(@Nullable String body, @Context UriInfo uri, @Context HttpHeaders headers) {
        CustomerBody request = CustomerBody.read(body == null ? "" : body);
        String organization = request.organizationId().or(check::ownOrganization)
                .orElseThrow(NO_ORGANIZATION::exception);
        Caller caller = check.require(organization);
        WantedCustomer wanted = request.of(organization, caller);
        Actor actor = Actor.ofOrganization(caller);
        return requests.once(new Sent("POST", uri, headers, request.json()), caller, organization, attempt -> {
            PendingErasures.requireNone(erasures.hasOne(organization).await().indefinitely());
            return request.mayWait() ? register(wanted, actor, attempt) : accept(wanted, actor);
        }).map(outcome -> outcome.answer().responseBuilder().build());
    }

    private Answer register(WantedCustomer wanted, Actor actor, Attempt attempt) throws InterruptedException {
        OwnCustomer customer = registration.register(wanted, actor,
                () -> attempt.begin("customer").await().indefinitely());
        return new Answer(customer.isCreated() ? 201 : 200, json.createObjectNode()
                .put("customer_id", customer.id())
                .put(ORGANIZATION, wanted.organization())
                .put("created", customer.isCreated()).toString());
    }

    private Answer accept(WantedCustomer wanted, Actor actor) {
        later.accept(wanted, actor);
        return new Answer(202, json.createObjectNode()
                .put(ORGANIZATION, wanted.organization())
                .put("status", "accepted").toString());
    }
}
