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

/// Lists organizations that pay twice, with a token of the role `ops`.
@Path("/api/v1/polar/ops/double-subscriptions")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(Permission.OPERATE)
public class ListDoubleSubscriptions {

    private final DoubleSubscriptions subscriptions;

    ListDoubleSubscriptions(DoubleSubscriptions subscriptions) {
        this.subscriptions = subscriptions;
    }

    @GET
    public Uni<DoubleSubscriptions.Page> list(@QueryParam("limit") String limit, @QueryParam("after") String after) {
        return subscriptions.list(after, Limit.of(limit));
    }
}
