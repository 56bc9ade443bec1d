package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import dev.plinto.polar.billing.Caller;
import dev.plinto.polar.ops.ReplayEvents.Replayed;
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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.function.Function;

/// Events that could not be applied: which there are, what they say, and once the cause is mended, another try.
/// A row of theirs goes when the projection has applied the event, and nobody else removes it.
@Path("/api/v1/polar/ops/parked")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
public class OperateParkedEvents {

    private final SecurityIdentity identity;
    private final ParkedStore parked;
    private final ReplayEvents replay;
    private final AuditLog audit;

    OperateParkedEvents(SecurityIdentity identity, ParkedStore parked, ReplayEvents replay, AuditLog audit) {
        this.identity = identity;
        this.parked = parked;
        this.replay = replay;
        this.audit = audit;
    }

    record Accepted(int replayed) {}

    @GET
    public Uni<ParkedEvent.Page> list(@Context HttpServerRequest request, @QueryParam("limit") String limit,
            @QueryParam("after") String after) {
        Caller.of(identity).requireOperator();
        return list(Selection.of(request), after, Limit.of(limit));
    }

    Uni<ParkedEvent.Page> list(Selection selection, String after, int limit) {
        return parked.list(selection, place(after), limit).map(found -> page(found, limit));
    }

    /// With its payload, personal data masked.
    @GET
    @Path("{webhook_id}")
    public Uni<ParkedEvent.WithPayload> look(@PathParam("webhook_id") String webhookId) {
        Caller.of(identity).requireOperator();
        requireName(webhookId);
        return parked.look(webhookId).map(found -> found.orElseThrow(OperateParkedEvents::notParked));
    }

    @POST
    @Path("{webhook_id}/replay")
    @Blocking
    public Response replayOne(@Context HttpServerRequest request, @PathParam("webhook_id") String webhookId)
            throws InterruptedException {
        Actor actor = Actor.of(Caller.of(identity));
        KnownParameters.require(request);
        return Response.accepted(replayOne(actor, webhookId)).build();
    }

    Accepted replayOne(Actor actor, String webhookId) throws InterruptedException {
        requireName(webhookId);
        return replay(actor, webhookId, after ->
                after.equals(Place.BEFORE_ALL) ? parked.one(webhookId) : Uni.createFrom().item(List.of()), true);
    }

    @POST
    @Path("replay")
    @Blocking
    public Response replayAll(@Context HttpServerRequest request) throws InterruptedException {
        Actor actor = Actor.of(Caller.of(identity));
        KnownParameters.require(request, "reason", "type");
        return Response.accepted(replayAll(actor, Selection.of(request))).build();
    }

    Accepted replayAll(Actor actor, Selection selection) throws InterruptedException {
        requireSome(selection);
        return replay(actor, selection.toString(), after -> parked.next(selection, after, ReplayEvents.BATCH), false);
    }

    static void requireSome(Selection selection) {
        if (selection.isEverything()) {
            throw new Problem("parameter-missing", 400, "Neither reason nor type is named",
                    "Say which events are meant: ?reason=…, ?type=… or both.").exception();
        }
    }

    /// @param some whether it is a problem where there is none
    private Accepted replay(Actor actor, String which, Function<Place, Uni<List<StoredEvent>>> events, boolean some)
            throws InterruptedException {
        return audit.during(actor, AuditLog.Action.REPLAY_PARKED, which, () -> {
            Replayed replayed = replay.all(events);
            Log.infof("Operator %s has replayed %d parked events (%s)%s", actor.subject(), replayed.events(), which,
                    replayed.ending());
            replayed.requireAll();
            if (some && replayed.events() == 0) {
                throw notParked();
            }
            return new Accepted(replayed.events());
        }, accepted -> Shown.count(accepted.replayed, "event"));
    }

    private static ParkedEvent.Page page(List<ParkedEvent> found, int limit) {
        if (found.size() <= limit) {
            return new ParkedEvent.Page(found, null);
        }
        List<ParkedEvent> items = found.subList(0, limit);
        return new ParkedEvent.Page(items, items.getLast().place().cursor());
    }

    private static Place place(String after) {
        return after == null ? Place.BEFORE_ALL : Place.of(after).orElseThrow(() ->
                new Problem("parameter-invalid", 400, "That is no cursor",
                        "Send what the page before has in its field next, or leave the parameter out.").exception());
    }

    static void requireName(String webhookId) {
        if (!Selection.isName(webhookId)) {
            throw notParked();
        }
    }

    static WebApplicationException notParked() {
        return new Problem("not-parked", 404, "No event of this webhook id is parked",
                "It has been applied meanwhile, or never was parked.").exception();
    }
}
