package dev.plinto.polar.ops;

import dev.plinto.polar.Flag;
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
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/// Reconciliation's status and runs, with a token of the role `ops`.
@Path("/api/v1/polar/ops/reconcile")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(Permission.OPERATE)
public class OperateReconciliation {

    private final SecurityIdentity identity;
    private final ReconciliationRuns runs;

    OperateReconciliation(SecurityIdentity identity, ReconciliationRuns runs) {
        this.identity = identity;
        this.runs = runs;
    }

    /// Its status, and its newest runs.
    @GET
    public Uni<ReconciliationQueries.Status> status() {
        return runs.status();
    }

    /// Answers 202 at once, and a run starts on a replica with the role `reconcile`. With `dry_run` it answers 200 once
    /// everything is compared, with all repairs that a run would make.
    @POST
    @Blocking
    public Response reconcile(@Context HttpServerRequest request, @QueryParam("dry_run") @Nullable String dryRun)
            throws InterruptedException {
        Actor actor = Actor.of(Caller.of(identity));
        if (!Flag.isTrue("dry_run", dryRun,
                "Nothing was started. Send dry_run=true, or omit the parameter for a run that repairs.")) {
            return Response.accepted(runs.request(actor)).build();
        }
        AllowSlowResponse.on(request);
        return Response.ok(runs.dryRun(actor)).build();
    }
}
