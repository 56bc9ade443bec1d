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

/// Events that could not be applied: which there are, what they say, and once the cause is mended, another try.
/// A row of theirs goes when the projection has applied the event, and nobody else removes it.
@Path("/api/v1/polar/ops/parked")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
public class OperateParkedEvents {

    private static final int USUAL_LIMIT = 50;
    private static final int HIGHEST_LIMIT = 500;

    private final SecurityIdentity identity;
    private final ParkedStore parked;
    private final ReplayEvents replay;

    OperateParkedEvents(SecurityIdentity identity, ParkedStore parked, ReplayEvents replay) {
        this.identity = identity;
        this.parked = parked;
        this.replay = replay;
    }

    record Accepted(int replayed) {}

    @GET
    public Uni<ParkedEvent.Page> list(@Context HttpServerRequest request, @QueryParam("limit") String limit,
            @QueryParam("after") String after) {
        Caller.of(identity).requireOperator();
        int most = limit(limit);
        return parked.list(Selection.of(request), place(after), most).map(found -> page(found, most));
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
    public Response replayOne(@PathParam("webhook_id") String webhookId) {
        Caller caller = Caller.of(identity);
        caller.requireOperator();
        requireName(webhookId);
        Replayed replayed = replay.all(after ->
                after.equals(Place.BEFORE_ALL) ? parked.one(webhookId) : Uni.createFrom().item(List.of()));
        Log.infof("Operator %s has replayed %d parked events (%s)%s", caller.subject(), replayed.events(), webhookId,
                replayed.ending());
        replayed.requireAll();
        if (replayed.events() == 0) {
            throw notParked();
        }
        return accepted(replayed);
    }

    @POST
    @Path("replay")
    @Blocking
    public Response replayAll(@Context HttpServerRequest request) {
        Caller caller = Caller.of(identity);
        caller.requireOperator();
        Selection selection = Selection.of(request);
        if (selection.isEverything()) {
            throw new Problem("parameter-missing", 400, "Neither reason nor type is named",
                    "Say which events are meant: ?reason=…, ?type=… or both.").exception();
        }
        Replayed replayed = replay.all(after -> parked.next(selection, after, ReplayEvents.BATCH));
        Log.infof("Operator %s has replayed %d parked events (%s)%s", caller.subject(), replayed.events(), selection,
                replayed.ending());
        replayed.requireAll();
        return accepted(replayed);
    }

    private static Response accepted(Replayed replayed) {
        return Response.accepted(new Accepted(replayed.events())).build();
    }

    private static ParkedEvent.Page page(List<ParkedEvent> found, int limit) {
        if (found.size() <= limit) {
            return new ParkedEvent.Page(found, null);
        }
        List<ParkedEvent> items = found.subList(0, limit);
        return new ParkedEvent.Page(items, items.getLast().place().cursor());
    }

    private static int limit(String limit) {
        try {
            int most = limit == null ? USUAL_LIMIT : Integer.parseInt(limit);
            if (most >= 1 && most <= HIGHEST_LIMIT) {
                return most;
            }
        } catch (NumberFormatException noNumber) {
            // said below
        }
        throw new Problem("parameter-invalid", 400, "That is no limit",
                "The limit is a whole number from 1 to " + HIGHEST_LIMIT + ".").exception();
    }

    private static Place place(String after) {
        return after == null ? Place.BEFORE_ALL : Place.of(after).orElseThrow(() ->
                new Problem("parameter-invalid", 400, "That is no cursor",
                        "Send what the page before has in its field next, or leave the parameter out.").exception());
    }

    private static void requireName(String webhookId) {
        if (!Selection.isName(webhookId)) {
            throw notParked();
        }
    }

    private static WebApplicationException notParked() {
        return new Problem("not-parked", 404, "No event of this webhook id is parked",
                "It has been applied meanwhile, or never was parked.").exception();
    }
}
