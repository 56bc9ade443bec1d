package dev.plinto.polar.audit;

import dev.plinto.polar.IdParameter;
import dev.plinto.polar.Limit;
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
import org.jspecify.annotations.Nullable;

/// Tells owners and admins who did what to their organization's billing.
@Path("/api/v1/polar/audit")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(Permission.READ_BILLING)
public class ReadTrail {

    private final OrganizationTrail trail;

    ReadTrail(OrganizationTrail trail) {
        this.trail = trail;
    }

    /// Newest first.
    @GET
    public Uni<OrganizationTrail.Page> list(@QueryParam("organization_id") String organizationId,
            @QueryParam("cursor") @Nullable String cursor, @QueryParam("limit") @Nullable String limit) {
        return trail.list(AuditSearch.of(organizationId),
                cursor == null ? null : IdParameter.valid("cursor", List.of(cursor)),
                Limit.of(limit));
    }
}
