package dev.plinto.polar.ops;

import dev.plinto.polar.Limit;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Permission;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;

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

    /// A kind without a value is refused, unlike by `@QueryParam`.
    @GET
    public Uni<Contradictions.Page> list(@Context HttpServerRequest request, @QueryParam("limit") String limit,
            @QueryParam("after") String after) {
        String kind = request.getParam("kind");
        return contradictions.list(kind == null ? null : Contradictions.kind(kind), after, Limit.of(limit));
    }
}
