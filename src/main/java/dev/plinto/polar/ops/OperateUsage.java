package dev.plinto.polar.ops;

import dev.plinto.polar.Limit;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.caller.Caller;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Permission;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/// Lists, replays and discards the usage that Polar refuses, with a token of the role `ops`.
@Path("/api/v1/polar/ops/usage/parked")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(Permission.OPERATE)
public class OperateUsage {

    private final SecurityIdentity identity;
    private final DecideOnUsage usage;

    OperateUsage(SecurityIdentity identity, DecideOnUsage usage) {
        this.identity = identity;
        this.usage = usage;
    }

    @GET
    public Uni<RefusedUsage.Page> list(@QueryParam("organization_id") @Nullable String organizationId,
            @QueryParam("limit") String limit, @QueryParam("after") String after) {
        return usage.list(organizationId, after, Limit.of(limit));
    }

    @POST
    @Path("{id}/replay")
    @Blocking
    public Response replayOne(@PathParam("id") String id) throws InterruptedException {
        return Response.accepted(usage.replayOne(operator(), id)).build();
    }

    @POST
    @Path("replay")
    @Blocking
    public Response replayAll(@Context HttpServerRequest request,
            @QueryParam("organization_id") @DefaultValue("") String organizationId) throws InterruptedException {
        Actor actor = operator();
        AllowSlowResponse.on(request);
        return Response.accepted(usage.replayAll(actor, organizationId)).build();
    }

    @POST
    @Path("{id}/discard")
    @Consumes(MediaType.APPLICATION_JSON)
    @Blocking
    public DiscardParkedEvents.Discarded discardOne(@PathParam("id") String id, @Nullable String body)
            throws InterruptedException {
        return usage.discardOne(operator(), id, DiscardReason.ofJson(body));
    }

    @POST
    @Path("discard")
    @Consumes(MediaType.APPLICATION_JSON)
    @Blocking
    public DiscardParkedEvents.Discarded discardAll(@Context HttpServerRequest request,
            @QueryParam("organization_id") @DefaultValue("") String organizationId, @Nullable String body)
            throws InterruptedException {
        Actor actor = operator();
        AllowSlowResponse.on(request);
        return usage.discardAll(actor, organizationId, DiscardReason.ofJson(body));
    }

    private Actor operator() {
        return Actor.of(Caller.of(identity));
    }
}
