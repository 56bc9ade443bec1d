package dev.plinto.polar.ops;

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
import org.jspecify.annotations.Nullable;

/// Lists erasures of customer data, with a token of the role `ops`.
@Path("/api/v1/polar/ops/erasures")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(Permission.OPERATE)
public class ListErasures {

    private final ErasureList erasures;

    ListErasures(ErasureList erasures) {
        this.erasures = erasures;
    }

    @GET
    public Uni<ErasureList.Page> list(@QueryParam("organization_id") @Nullable String organizationId,
            @QueryParam("limit") String limit, @QueryParam("after") String after) {
        return erasures.list(organizationId, after, Limit.of(limit));
    }
}
