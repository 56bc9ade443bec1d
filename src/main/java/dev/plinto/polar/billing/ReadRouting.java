package dev.plinto.polar.billing;

import dev.plinto.polar.CountryCode;
import dev.plinto.polar.Problem;
import dev.plinto.polar.caller.CallCheck;
import dev.plinto.polar.caller.Caller;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Permission;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Tells who would sell to an organization, and why. Nothing is sold, and no provider is asked.
@Path("/api/v1/polar/routing")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(Permission.ROUTING)
public class ReadRouting {

    private final RoutingQueries queries;
    private final OrganizationCustomers customers;
    private final Routing routing;
    private final CallCheck check;

    ReadRouting(RoutingQueries queries, OrganizationCustomers customers, Routing routing, CallCheck check) {
        this.queries = queries;
        this.customers = customers;
        this.routing = routing;
        this.check = check;
    }

    /// @param country in which the organization would buy; by default that of its customer, else of the caller's claim
    @GET
    public Uni<RoutingAnswer> read(@QueryParam("organization_id") String organization,
            @QueryParam("country") @Nullable String country) {
        Optional<String> requested = requested(country);
        Caller caller = check.caller();
        return Uni.combine().all().unis(queries.bound(organization), customers.ask(organization))
                .with((bound, found) -> {
                    List<KnownCountry> known = Countries.known(requested, found, caller);
                    return RoutingAnswer.of(organization,
                            routing.route(bound, known, Optional.empty(), List.of()), known);
                });
    }

    private static Optional<String> requested(@Nullable String country) {
        if (country != null && !CountryCode.isOne(country)) {
            throw new Problem("parameter-invalid", 400, "The query parameter country is not a country",
                    "Send two capital letters of ISO 3166, such as MX, or leave the parameter out.").exception();
        }
        return Optional.ofNullable(country);
    }
}
