package dev.plinto.polar.ops.console;

import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.ops.AllowSlowResponse;
import dev.plinto.polar.ops.EventSearch;
import dev.plinto.polar.ops.ReconciliationRuns;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// The console's pages about reconciliation with Polar.
@Path("/ops/reconciliation")
@Produces(ConsoleResponses.HTML)
@ForOperators
public class ShowReconciliation {

    private final CurrentOperator operator;
    private final ReconciliationRuns runs;
    private final InstantSource clock;

    ShowReconciliation(CurrentOperator operator, ReconciliationRuns runs, InstantSource clock) {
        this.operator = operator;
        this.runs = runs;
        this.clock = clock;
    }

    @GET
    public Uni<TemplateInstance> show(@QueryParam("requested_at") @DefaultValue("") String requestedAt) {
        ConsoleSession session = operator.session();
        Optional<Instant> requested = Optional.of(requestedAt.strip()).filter(time -> !time.isEmpty())
                .map(time -> EventSearch.time("requested_at", time));
        return runs.status().map(status -> Pages.reconciliation(session, status, null,
                RunProgress.of(status, requested, clock.instant())));
    }

    /// Shows what a run would do.
    @GET
    @Path("run")
    public TemplateInstance confirm() {
        return Pages.reconcile(operator.session());
    }

    @POST
    @Path("run")
    @Blocking
    public Response run(@FormParam("form") String token) throws InterruptedException {
        ReconciliationRuns.Requested requested = runs.request(operator.requireOwnForm(token));
        return ConsoleResponses.seeOther("/ops/reconciliation?requested_at=" + requested.requestedAt());
    }

    @POST
    @Path("drift")
    @Blocking
    public TemplateInstance drift(@Context HttpServerRequest request, @FormParam("form") String token)
            throws InterruptedException {
        Actor actor = operator.requireOwnForm(token);
        AllowSlowResponse.on(request);
        ReconciliationRuns.DriftReport drift = runs.dryRun(actor);
        return Pages.reconciliation(operator.session(), runs.status().await().indefinitely(), drift,
                RunProgress.NONE);
    }
}
