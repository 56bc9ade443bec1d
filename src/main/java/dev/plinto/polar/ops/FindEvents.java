package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import dev.plinto.polar.billing.Caller;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Events that were received, whatever became of them: search, and each one with all that is known of it.
@Path("/api/v1/polar/ops/events")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
public class FindEvents {

    private final SecurityIdentity identity;
    private final EventStore events;
    private final ParkedStore parked;
    private final AttemptsAtPolar attempts;

    FindEvents(SecurityIdentity identity, EventStore events, ParkedStore parked, AttemptsAtPolar attempts) {
        this.identity = identity;
        this.events = events;
        this.parked = parked;
        this.attempts = attempts;
    }

    @GET
    public Uni<FoundEvent.Page> search(@Context HttpServerRequest request, @QueryParam("limit") String limit,
            @QueryParam("after") String after) {
        Caller.of(identity).requireOperator();
        return page(EventSearch.of(request), after, Limit.of(limit));
    }

    /// With what it changed, and its payload, personal data masked.
    @GET
    @Path("{webhook_id}")
    public Uni<FoundEvent.WithPayload> look(@PathParam("webhook_id") String webhookId) {
        Caller.of(identity).requireOperator();
        return one(webhookId);
    }

    /// Polar's attempts to deliver it, asked of Polar now.
    @GET
    @Path("{webhook_id}/attempts")
    @Blocking
    public AttemptsAtPolar.Attempts attempts(@PathParam("webhook_id") String webhookId) throws InterruptedException {
        Actor actor = Actor.of(Caller.of(identity));
        return attempts.of(actor, found(webhookId).await().indefinitely());
    }

    Uni<FoundEvent.Page> page(EventSearch search, String after, int limit) {
        Optional<Place> place = Optional.ofNullable(after).filter(cursor -> !cursor.isEmpty()).map(cursor ->
                Place.of(cursor).orElseThrow(() -> new Problem("parameter-invalid", 400, "That is no cursor",
                        "Send what the page before has in its field next, or leave the parameter out.").exception()));
        return events.search(search, place, limit).map(found -> found.size() <= limit
                ? new FoundEvent.Page(found, null)
                : new FoundEvent.Page(found.subList(0, limit), found.get(limit - 1).place().cursor()));
    }

    Uni<FoundEvent.WithPayload> one(String webhookId) {
        return found(webhookId).flatMap(event -> Uni.combine().all().unis(
                        events.changes(event),
                        events.payload(webhookId),
                        parked.look(webhookId),
                        event.customerId() == null ? Uni.createFrom().item(List.<String>of())
                                : events.accountsOf(event.customerId()))
                .asTuple()
                .map(all -> new FoundEvent.WithPayload(event,
                        all.getItem3().map(ParkedEvent.WithPayload::event).orElse(null),
                        accounts(all.getItem1(), all.getItem4()), all.getItem1(), all.getItem2().orElse(null))));
    }

    Uni<FoundEvent> found(String webhookId) {
        if (!Selection.isName(webhookId)) {
            throw unknown();
        }
        return events.find(webhookId).map(found -> found.orElseThrow(FindEvents::unknown));
    }

    /// Those that it changed, else those of its customer.
    private static List<String> accounts(List<FoundEvent.Change> changes, List<String> ofCustomer) {
        List<String> changed = changes.stream().map(FoundEvent.Change::account).distinct().toList();
        return Stream.of(changed, ofCustomer).filter(some -> !some.isEmpty()).findFirst().orElse(List.of());
    }

    private static WebApplicationException unknown() {
        return new Problem("event-unknown", 404, "No event of this webhook id is known",
                "It was never received, has not been projected yet, or is forgotten (POLAR_RETENTION_IDS).")
                .exception();
    }
}
