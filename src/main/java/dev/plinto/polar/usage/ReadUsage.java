package dev.plinto.polar.usage;

import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Permission;
import dev.plinto.polar.postgres.ReadModel;
import dev.plinto.polar.postgres.ReadModels;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

/// What an organization has used: Polar's meters as Polar last told them, and what they do not hold yet. From our own
/// database.
@Path("/api/v1/polar/usage")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(Permission.READ)
public class ReadUsage {

    private final ReadModels models;
    private final UsageQueries usage;

    ReadUsage(ReadModels models, UsageQueries usage) {
        this.models = models;
        this.usage = usage;
    }

    @GET
    public Uni<KnownUsage> read(@QueryParam("organization_id") String organizationId) {
        return models.require(ReadModel.METERS, ReadModel.CUSTOMER_METERS).chain(() -> usage.of(organizationId));
    }
}
