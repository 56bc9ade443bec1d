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
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

/// Finds received events, whatever their outcome, with a token of the role `ops`.
@Path("/api/v1/polar/ops/events")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(Permission.OPERATE)
public class FindEvents {

    private final SecurityIdentity identity;
    private final Events events;
    private final AttemptsAtPolar attempts;

    FindEvents(SecurityIdentity identity, Events events, AttemptsAtPolar attempts) {
        this.identity = identity;
        this.events = events;
        this.attempts = attempts;
    }

    @GET
    public Uni<FoundEvent.Page> search(@BeanParam EventSearch.Query query, @QueryParam("limit") String limit,
            @QueryParam("after") String after) {
        return events.search(EventSearch.of(query), after, Limit.of(limit));
    }

    /// With the changes that it made, and its payload, in which personal data is masked.
    @GET
    @Path("{webhook_id}")
    public Uni<FoundEvent.WithPayload> details(@PathParam("webhook_id") String webhookId) {
        return events.details(webhookId);
    }

    /// Polar's attempts to deliver it, read from Polar's log now.
    @GET
    @Path("{webhook_id}/attempts")
    @Blocking
    public AttemptsAtPolar.Attempts attempts(@PathParam("webhook_id") String webhookId) throws InterruptedException {
        Actor actor = Actor.of(Caller.of(identity));
        return attempts.of(actor, events.find(webhookId).await().indefinitely());
    }
}
