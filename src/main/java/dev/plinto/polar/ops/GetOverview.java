package dev.plinto.polar.ops;

import dev.plinto.polar.caller.Caller;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/// The state of the whole service, with a token of the role `ops`.
@Path("/api/v1/polar/ops/overview")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
public class GetOverview {

    private final SecurityIdentity identity;
    private final ServiceOverview overview;

    GetOverview(SecurityIdentity identity, ServiceOverview overview) {
        this.identity = identity;
        this.overview = overview;
    }

    @GET
    public Uni<Overview> overview() {
        Caller.of(identity).requireOperator();
        return overview.now();
    }
}
