package dev.plinto.polar.ops;

import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.caller.Caller;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Permission;
import dev.plinto.polar.ops.UnknownTypeStore.UnknownType;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;

/// Lists and replays events whose type was unknown when they arrived, with a token of the role `ops`.
@Path("/api/v1/polar/ops/unknown-types")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(Permission.OPERATE)
public class OperateUnknownTypes {

    private final SecurityIdentity identity;
    private final UnknownTypes types;

    OperateUnknownTypes(SecurityIdentity identity, UnknownTypes types) {
        this.identity = identity;
        this.types = types;
    }

    record Types(List<UnknownType> items) {}

    @GET
    public Uni<Types> list() {
        return types.list().map(Types::new);
    }

    /// Changes nothing if this version does not know the type either.
    @POST
    @Path("{type}/replay")
    @Blocking
    public Response replay(@Context HttpServerRequest request, @PathParam("type") String type)
            throws InterruptedException {
        Actor actor = Actor.of(Caller.of(identity));
        AllowSlowResponse.on(request);
        return Response.accepted(types.replay(actor, type)).build();
    }
}
