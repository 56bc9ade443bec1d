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

/// Lists contradictions between Polar's statements, with a token of the role `ops`.
@Path("/api/v1/polar/ops/contradictions")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(Permission.OPERATE)
public class ListContradictions {

    private final Contradictions contradictions;

    ListContradictions(Contradictions contradictions) {
        this.contradictions = contradictions;
    }

    @GET
    public Uni<Contradictions.Page> list(@QueryParam("kind") @Nullable String kind, @QueryParam("limit") String limit,
            @QueryParam("after") String after) {
        return contradictions.list(kind == null ? null : Contradictions.kind(kind), after, Limit.of(limit));
    }
}
