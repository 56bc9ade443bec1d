package dev.plinto.polar.ops;

import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Permission;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/// The state of the whole service, with a token of the role `ops`.
@Path("/api/v1/polar/ops/overview")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(Permission.OPERATE)
public class GetOverview {

    private final ServiceOverview overview;

    GetOverview(ServiceOverview overview) {
        this.overview = overview;
    }

    @GET
    public Uni<Overview> overview() {
        return overview.now();
    }
}
