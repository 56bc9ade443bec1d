package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.IdParameter;
import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.caller.CallCheck;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Needs.OrganizationIn;
import dev.plinto.polar.caller.Permission;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Provider;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// Where the invoice of an order is. Polar writes that of a paid order by itself, and any other when it is asked to.
@Path("/api/v1/polar/orders/{order_id}/invoice")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(value = Permission.READ_BILLING, organization = OrganizationIn.METHOD)
public class ReadInvoice {

    static final Problem UNKNOWN = new Problem("order-unknown", 404, "There is no such order",
            "Send the order_id of one of the organization's orders.");
    private static final Problem NOT_SUPPORTED = SubscriptionProblems.notSupported("Only Polar writes invoices, as the "
            + "seller. What Conekta charged is sold by the merchant: ask the merchant for the invoice (in "
            + "Mexico a CFDI).");
    /// Polar takes a moment to write one.
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final OrderQueries orders;
    private final OrderInvoice invoice;
    private final CallCheck check;

    ReadInvoice(OrderQueries orders, OrderInvoice invoice, CallCheck check) {
        this.orders = orders;
        this.invoice = invoice;
        this.check = check;
    }

    /// @param invoiceUrl whoever has it may read the invoice for some time
    @JsonNaming(SnakeCaseStrategy.class)
    public record Invoice(URI invoiceUrl) {

        /// Without the address.
        @Override
        public String toString() {
            return "Invoice";
        }
    }

    /// There is none yet.
    ///
    /// @param status `invoice-pending`
    public record Pending(String status) {}

    /// 404 `order-unknown` also for the order of another organization.
    @GET
    public Uni<Response> read(@PathParam("order_id") String orderId) {
        if (!IdParameter.isId(orderId)) {
            throw UNKNOWN.exception();
        }
        return orders.organizationOf(orderId).flatMap(found -> {
            String organization = found.orElseThrow(UNKNOWN::exception);
            Actor actor = Actor.ofOrganization(check.require(organization, UNKNOWN));
            requireAtPolar(orderId);
            ProviderCall<Optional<URI>> call = () -> invoice.of(organization, orderId, actor);
            return call.orProblemInWorker();
        }).map(ReadInvoice::response);
    }

    private static void requireAtPolar(String orderId) {
        switch (Provider.of(new Id.Order(orderId))) {
            case POLAR -> {}
            case CONEKTA, FUNGIES -> throw NOT_SUPPORTED.exception();
        }
    }

    private static Response response(Optional<URI> url) {
        Response.ResponseBuilder response = url.isPresent()
                ? Response.ok(new Invoice(url.get()))
                : Response.accepted(new Pending("invoice-pending"))
                        .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER.toSeconds());
        return response.header(HttpHeaders.CACHE_CONTROL, "no-store").build();
    }
}
