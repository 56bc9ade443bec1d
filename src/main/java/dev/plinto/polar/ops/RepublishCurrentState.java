package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.caller.Caller;
import dev.plinto.polar.caller.OperatorsOnly;
import dev.plinto.polar.projection.RepublishState;
import io.quarkus.logging.Log;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;

/// Publishes all current state again, with a token of the role `ops`.
@Path("/api/v1/polar/ops")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@OperatorsOnly
public class RepublishCurrentState {

    private final SecurityIdentity identity;
    private final RepublishState republish;
    private final AuditLog audit;

    RepublishCurrentState(SecurityIdentity identity, RepublishState republish, AuditLog audit) {
        this.identity = identity;
        this.republish = republish;
        this.audit = audit;
    }

    /// For a lost change topic, or a new cluster. Returns once everything is in the outbox, from which the relay
    /// publishes it.
    @POST
    @Path("republish")
    @Blocking
    public RepublishState.Republished republish(@Context HttpServerRequest request) throws InterruptedException {
        Actor actor = Actor.of(Caller.of(identity));
        KnownParameters.require(request);
        return audit.record(actor, AuditLog.Action.REPUBLISH, null, () -> republish(actor),
                republished -> Format.count(republished.subscriptions(), "subscription") + ", "
                        + Format.count(republished.accounts(), "account"));
    }

    private RepublishState.Republished republish(Actor actor) {
        RepublishState.Republished republished;
        try {
            republished = republish.all();
        } catch (RuntimeException databaseAway) { // nothing else can fail; what is in the outbox does no harm
            Log.warnf("Not all current state could be published again: %s", databaseAway.toString());
            throw Problem.databaseUnavailable();
        }
        Log.infof("Operator %s publishes current state again: %d subscriptions, %d accounts", actor.subject(),
                republished.subscriptions(), republished.accounts());
        return republished;
    }
}
