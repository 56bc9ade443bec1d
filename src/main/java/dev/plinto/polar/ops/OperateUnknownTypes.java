package dev.plinto.polar.ops;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.plinto.polar.billing.Caller;
import dev.plinto.polar.ops.ReplayEvents.Replayed;
import dev.plinto.polar.ops.UnknownTypeStore.UnknownType;
import io.quarkus.logging.Log;
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

/// Events whose type was not known when they came: they are kept, and applied after an upgrade that knows it.
@Path("/api/v1/polar/ops/unknown-types")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
public class OperateUnknownTypes {

    private final SecurityIdentity identity;
    private final UnknownTypeStore unknown;
    private final ReplayEvents replay;
    private final AuditLog audit;

    OperateUnknownTypes(SecurityIdentity identity, UnknownTypeStore unknown, ReplayEvents replay, AuditLog audit) {
        this.identity = identity;
        this.unknown = unknown;
        this.replay = replay;
        this.audit = audit;
    }

    record Types(List<UnknownType> items) {}

    record Accepted(int replayed, @JsonProperty("payload_gone") int payloadGone) {}

    @GET
    public Uni<Types> list() {
        Caller.of(identity).requireOperator();
        return unknown.list().map(Types::new);
    }

    /// Where this version does not know the type either, nothing changes by it.
    @POST
    @Path("{type}/replay")
    @Blocking
    public Response replay(@Context HttpServerRequest request, @PathParam("type") String type)
            throws InterruptedException {
        Actor actor = Actor.of(Caller.of(identity));
        KnownParameters.require(request);
        return Response.accepted(replay(actor, type)).build();
    }

    Accepted replay(Actor actor, String type) throws InterruptedException {
        Selection.requireType(type);
        return audit.during(actor, AuditLog.Action.REPLAY_UNKNOWN_TYPE, type, () -> replayAll(actor, type),
                accepted -> Shown.count(accepted.replayed, "event"));
    }

    private Accepted replayAll(Actor actor, String type) {
        Replayed replayed = replay.all(after -> unknown.next(type, after, ReplayEvents.BATCH));
        Log.infof("Operator %s has replayed %d events that were kept as of unknown type (%s; %d without a body were "
                + "passed over)%s", actor.subject(), replayed.events(), type, replayed.bodyGone(), replayed.ending());
        replayed.requireAll();
        return new Accepted(replayed.events(), replayed.bodyGone());
    }
}
