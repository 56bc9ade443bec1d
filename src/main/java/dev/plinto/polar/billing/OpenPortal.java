package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.caller.Caller;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Permission;
import dev.plinto.polar.entitlement.Provider;
import dev.plinto.polar.polar.api.PolarPortal.Session;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Opens the portal of the provider from which an organization buys, for a person of it: answers the address at which
/// they see its purchases and payment methods, and nothing of another organization.
@Path("/api/v1/polar/customer/portal")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(Permission.MANAGE)
public class OpenPortal {

    private final SecurityIdentity identity;
    private final ReturnUrls urls;
    private final PortalVisits visits;
    private final ConektaPortal conekta;

    OpenPortal(SecurityIdentity identity, ReturnUrls urls, PortalVisits visits, ConektaPortal conekta) {
        this.identity = identity;
        this.urls = urls;
        this.visits = visits;
        this.conekta = conekta;
    }

    /// @param portalUrl whoever has it may use the portal, until it expires
    /// @param expiresAt null if it does not
    @JsonNaming(SnakeCaseStrategy.class)
    record Portal(String portalUrl, @Nullable String expiresAt, String provider) {

        /// Without the address, which has the token.
        @Override
        public String toString() {
            return "Portal[expiresAt=" + expiresAt + "]";
        }
    }

    /// @param organizationId the caller may manage it: that is checked
    /// @param returnUrl      where the portal leads back to
    /// @param userId         from a service: who visits the portal
    /// @param customerEmail  from a service: the address of that person
    @GET
    @Blocking
    public Response open(@QueryParam("organization_id") String organizationId,
            @QueryParam("return_url") @Nullable String returnUrl, @QueryParam("user_id") @Nullable String userId,
            @QueryParam("customer_email") @Nullable String customerEmail) {
        Caller caller = Caller.of(identity);
        Visitor visitor = Visitor.of(caller, Optional.ofNullable(userId), Optional.ofNullable(customerEmail));
        String back = returnUrl == null ? null : urls.absolute("return_url", returnUrl);
        Portal portal = conekta.open(organizationId)
                .map(url -> new Portal(url.toString(), null, Provider.CONEKTA.wireName()))
                .orElseGet(() -> atPolar(organizationId, visitor, back, caller));
        return Response.ok(portal).header(HttpHeaders.CACHE_CONTROL, "no-store").build();
    }

    private Portal atPolar(String organization, Visitor visitor, @Nullable String back, Caller caller) {
        ProviderCall<Session> call = () -> visits.open(organization, visitor, back, Actor.ofOrganization(caller));
        Session session = call.orProblem();
        return new Portal(session.url().toString(), Rfc3339.format(session.expiresAt()), Provider.POLAR.wireName());
    }
}
