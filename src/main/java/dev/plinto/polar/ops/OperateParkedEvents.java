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

/// Lists, replays and discards parked events, with a token of the role `ops`.
@Path("/api/v1/polar/ops/parked")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(Permission.OPERATE)
public class OperateParkedEvents {

    private final SecurityIdentity identity;
    private final ParkedEvents parked;
    private final DiscardParkedEvents discard;

    OperateParkedEvents(SecurityIdentity identity, ParkedEvents parked, DiscardParkedEvents discard) {
        this.identity = identity;
        this.parked = parked;
        this.discard = discard;
    }

    @GET
    public Uni<ParkedEvent.Page> list(@QueryParam("reason") @Nullable String reason,
            @QueryParam("type") @Nullable String type, @QueryParam("limit") String limit,
            @QueryParam("after") String after) {
        return parked.list(new ParkedSelection(reason, type), after, Limit.of(limit));
    }

    /// With its payload, in which personal data is masked.
    @GET
    @Path("{webhook_id}")
    public Uni<ParkedEvent.WithPayload> details(@PathParam("webhook_id") String webhookId) {
        return parked.details(webhookId);
    }

    @POST
    @Path("{webhook_id}/replay")
    @Blocking
    public Response replayOne(@PathParam("webhook_id") String webhookId) throws InterruptedException {
        Actor actor = Actor.of(Caller.of(identity));
        return Response.accepted(parked.replayOne(actor, webhookId)).build();
    }

    @POST
    @Path("replay")
    @Blocking
    public Response replayAll(@Context HttpServerRequest request, @QueryParam("reason") @Nullable String reason,
            @QueryParam("type") @Nullable String type) throws InterruptedException {
        Actor actor = Actor.of(Caller.of(identity));
        AllowSlowResponse.on(request);
        return Response.accepted(parked.replayAll(actor, new ParkedSelection(reason, type))).build();
    }

    @POST
    @Path("{webhook_id}/discard")
    @Consumes(MediaType.APPLICATION_JSON)
    @Blocking
    public DiscardParkedEvents.Discarded discardOne(@PathParam("webhook_id") String webhookId, @Nullable String body)
            throws InterruptedException {
        Actor actor = Actor.of(Caller.of(identity));
        return discard.one(actor, webhookId, DiscardReason.ofJson(body));
    }

    @POST
    @Path("discard")
    @Consumes(MediaType.APPLICATION_JSON)
    @Blocking
    public DiscardParkedEvents.Discarded discardAll(@Context HttpServerRequest request,
            @QueryParam("reason") @Nullable String reason, @QueryParam("type") @Nullable String type,
            @Nullable String body) throws InterruptedException {
        Actor actor = Actor.of(Caller.of(identity));
        AllowSlowResponse.on(request);
        return discard.all(actor, new ParkedSelection(reason, type), DiscardReason.ofJson(body));
    }
}
