package dev.plinto.polar.billing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.Problem;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.billing.BeforeSale.Allowed;
import dev.plinto.polar.billing.CheckoutSale.Order;
import dev.plinto.polar.billing.OnceForOrganization.Sent;
import dev.plinto.polar.billing.idempotency.Answer;
import dev.plinto.polar.billing.idempotency.Attempt;
import dev.plinto.polar.billing.idempotency.Outcome;
import dev.plinto.polar.caller.CallCheck;
import dev.plinto.polar.caller.Caller;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Needs.OrganizationIn;
import dev.plinto.polar.caller.Permission;
import dev.plinto.polar.polar.api.NewCheckout.Pages;
import dev.plinto.polar.polar.api.PolarCheckout;
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
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sells a product to an organization: answers the address at which the buyer pays. What may be refused without asking
/// Polar is refused first.
@Path("/api/v1/polar/checkout")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(value = Permission.MANAGE, organization = OrganizationIn.METHOD)
public class CreateCheckout {

    /// As requests are recorded.
    static final String CALL = "POST /api/v1/polar/checkout";
    static final String CHECKOUT_ID = "checkout_id";

    private static final String EXPIRES_AT = "expires_at";

    static final Problem NO_ORGANIZATION = new Problem("organization-missing", 422,
            "It is not said for which organization", "Nothing was done. Send organization_id: the token names none.");
    private static final Problem EXPIRED = new Problem("checkout-expired", 409, "The checkout has expired",
            "Send the request with another Idempotency-Key to get a new one.");

    private final OnceForOrganization requests;
    private final BeforeSale before;
    private final ReturnUrls urls;
    private final CheckoutSale sale;
    private final CallCheck check;
    private final BillingConfig config;
    private final ObjectMapper json;
    private final InstantSource clock;

    CreateCheckout(OnceForOrganization requests, BeforeSale before, ReturnUrls urls,
            CheckoutSale sale, CallCheck check, BillingConfig config, ObjectMapper json, InstantSource clock) {
        this.requests = requests;
        this.before = before;
        this.urls = urls;
        this.sale = sale;
        this.check = check;
        this.config = config;
        this.json = json;
        this.clock = clock;
    }

    /// @param headers may have one `Idempotency-Key`
    @POST
    public Uni<Response> create(@Nullable String body, @Context UriInfo uri, @Context HttpHeaders headers) {
        CheckoutRequest request = CheckoutRequest.read(body == null ? "" : body);
        String organization = request.organizationId().or(check::ownOrganization)
                .orElseThrow(NO_ORGANIZATION::exception);
        Caller caller = check.require(organization);
        request.requireAllowedFor(caller);
        requireSelling();
        Order order = new Order(organization, request, pages(request), user(caller, request), email(caller, request),
                Actor.ofOrganization(caller));
        return requests.once(new Sent("POST", uri, headers, json(body)), caller, organization,
                attempt -> sell(attempt, order, caller)).map(this::response);
    }

    private Answer sell(Attempt attempt, Order order, Caller caller) throws InterruptedException {
        Allowed allowed = before.require(order.organization(), caller, order.request());
        return switch (allowed.seller()) {
            // Polar makes all checkouts so far, also of those for whom another provider is to sell.
            case POLAR, CONEKTA, FUNGIES -> answer(sale.make(attempt, order, allowed.customer()), order);
        };
    }

    private Answer answer(PolarCheckout checkout, Order order) {
        return new Answer(201, json.createObjectNode()
                .put(CHECKOUT_ID, checkout.id())
                .put("checkout_url", checkout.url().toString())
                .put(EXPIRES_AT, Rfc3339.format(checkout.expiresAt()))
                .put("provider", "polar")
                .put("status", checkout.status())
                .put("organization_id", order.organization())
                .put("product_id", checkout.productId())
                .put("client_secret", checkout.clientSecret()).toString(), Optional.of(checkout.id()));
    }

    /// A checkout that is answered again may have expired meanwhile: nobody can pay it any more.
    private Response response(Outcome outcome) {
        if (outcome.isRepeated() && outcome.answer().status() == 201
                && Instant.parse(json(outcome.answer().body()).path(EXPIRES_AT).asText()).isBefore(clock.instant())) {
            throw EXPIRED.exception();
        }
        return outcome.answer().responseBuilder().header(HttpHeaders.CACHE_CONTROL, "no-store").build();
    }

    private void requireSelling() {
        if (!config.selling()) {
            throw new Problem("selling-off", 503, "Nothing is sold at present",
                    "An operator has switched selling off (POLAR_SELLING). Subscriptions and access go on.")
                    .exception();
        }
    }

    private Pages pages(CheckoutRequest request) {
        return new Pages(request.successUrl().map(url -> urls.absolute("success_url", url)).orElse(null),
                request.returnUrl().map(url -> urls.absolute("return_url", url)).orElse(null),
                request.embedOrigin().map(origin -> urls.origin("embed_origin", origin)).orElse(null));
    }

    /// Who buys: a person's token says it, a service does.
    private static Optional<String> user(Caller caller, CheckoutRequest request) {
        return caller instanceof Caller.Person person ? Optional.of(person.subject()) : request.userId();
    }

    private static Optional<String> email(Caller caller, CheckoutRequest request) {
        return caller instanceof Caller.Person person && person.email().isPresent()
                ? person.email().map(Caller.Email::address)
                : request.customerEmail();
    }

    private ObjectNode json(@Nullable String body) {
        try {
            return (ObjectNode) json.readTree(body == null ? "" : body);
        } catch (JsonProcessingException impossible) { // it was read before
            throw new IllegalStateException(impossible);
        }
    }
}
