package dev.plinto.polar.ops;

import dev.plinto.polar.Flag;
import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.Action;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.caller.Caller;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Permission;
import dev.plinto.polar.postgres.DatabaseAway;
import dev.plinto.polar.projection.RepublishState;
import dev.plinto.polar.projection.RepublishState.Republished;
import io.quarkus.logging.Log;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/// Publishes all current state again, with a token of the role `ops`.
@Path("/api/v1/polar/ops")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(Permission.OPERATE)
public class RepublishCurrentState {

    private final SecurityIdentity identity;
    private final RepublishState republish;
    private final AuditLog audit;

    RepublishCurrentState(SecurityIdentity identity, RepublishState republish, AuditLog audit) {
        this.identity = identity;
        this.republish = republish;
        this.audit = audit;
    }

    /// For a lost change topic, or a new cluster; with `new_version`, for a message that has a new form or
    /// a rule that has changed. Returns once
    /// everything is in the outbox, from which the relay publishes it, and goes on if the client does not wait.
    @POST
    @Path("republish")
    @Blocking
    public Republished republish(@Context HttpServerRequest request,
            @QueryParam("new_version") @Nullable String newVersion) throws InterruptedException {
        Actor actor = Actor.of(Caller.of(identity));
        boolean isNew = Flag.isTrue("new_version", newVersion, "Nothing was published. Send new_version=true, "
                + "or omit the parameter to publish each message with the version that it has.");
        AllowSlowResponse.on(request);
        return audit.record(
                Entry.of(actor, isNew ? Action.REPUBLISH_NEW_VERSION : Action.REPUBLISH, null, null),
                () -> republish(actor, isNew ? RepublishState.Versions.NEW : RepublishState.Versions.KEPT),
                RepublishCurrentState::count);
    }

    private Republished republish(Actor actor, RepublishState.Versions versions) throws InterruptedException {
        return switch (outcome(versions)) {
            case Republished republished -> {
                Log.infof("Operator %s publishes current state again%s: %d subscriptions, %d accounts", actor.subject(),
                        switch (versions) {
                            case KEPT -> "";
                            case NEW -> " with new versions";
                        }, republished.subscriptions(), republished.accounts());
                yield republished;
            }
            case RepublishState.Running running -> throw new Problem("republish-running", 409,
                    "Current state is being published again already",
                    "Nothing was done. The audit log says when the other call has ended, and with which result.")
                    .exception();
            case RepublishState.Incomplete incomplete -> {
                Log.warnf("Not all current state was published again: the relay publishes nothing");
                throw incomplete(incomplete.before());
            }
        };
    }

    private RepublishState.Outcome outcome(RepublishState.Versions versions) throws InterruptedException {
        try {
            return republish.all(versions);
        } catch (RuntimeException failure) { // what is in the outbox does no harm
            if (!DatabaseAway.isCauseOf(failure)) {
                throw failure;
            }
            Log.warnf("Not all current state could be published again: %s", DatabaseAway.describe(failure));
            throw Problem.databaseUnavailable();
        }
    }

    private static WebApplicationException incomplete(Republished before) {
        Problem problem = new Problem("republish-incomplete", 503, "Not all current state was published again",
                "The outbox is full, and the relay publishes nothing. " + count(before) + " were taken before. When "
                        + "polar_outbox_pending falls again, repeat the call: it begins anew.");
        return new WebApplicationException(problem.title(),
                problem.responseBuilder().header(HttpHeaders.RETRY_AFTER, 60).build());
    }

    private static String count(Republished republished) {
        return Format.count(republished.subscriptions(), "subscription") + ", "
                + Format.count(republished.accounts(), "account");
    }
}
