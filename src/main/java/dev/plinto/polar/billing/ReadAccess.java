package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

/// What an organization may use and has subscribed to, from our own database: Polar may be slow, limited or away.
@Path("/api/v1/polar")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
public class ReadAccess {

    private static final int LONGEST_ID = 500;

    private final AccessQueries queries;
    private final SecurityIdentity identity;

    ReadAccess(AccessQueries queries, SecurityIdentity identity) {
        this.queries = queries;
        this.identity = identity;
    }

    /// The same object as the newest message on `polar.entitlement.changed`.
    @GET
    @Path("entitlements")
    public Uni<String> entitlements(@QueryParam("organization_id") String organizationId) {
        requireReadable(organizationId);
        return queries.entitlements(organizationId);
    }

    /// Each item the same object as the newest message on `polar.subscription.changed`.
    @GET
    @Path("subscriptions")
    public Uni<String> subscriptions(@QueryParam("organization_id") String organizationId) {
        requireReadable(organizationId);
        return queries.subscriptions(organizationId);
    }

    private void requireReadable(String organizationId) {
        if (organizationId == null || organizationId.isBlank()) {
            throw new Problem("parameter-missing", 400, "The query parameter organization_id is missing",
                    "Name the organization: ?organization_id=…").exception();
        }
        if (organizationId.length() > LONGEST_ID || organizationId.chars().anyMatch(Character::isISOControl)) {
            throw new Problem("parameter-invalid", 400, "The query parameter organization_id is no id",
                    "An id has at most " + LONGEST_ID + " characters and no control characters.").exception();
        }
        Caller.of(identity).requireReader(organizationId);
    }
}
