package dev.plinto.polar.ops;

import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;

/// The console's pages on reconciliation with Polar.
@Path("/ops/reconciliation")
@Produces(ConsoleAnswer.HTML)
@ForOperators
public class ShowReconciliation {

    private final Visitor visitor;
    private final ReconciliationStore store;
    private final OperateReconciliation reconciliation;

    ShowReconciliation(Visitor visitor, ReconciliationStore store, OperateReconciliation reconciliation) {
        this.visitor = visitor;
        this.store = store;
        this.reconciliation = reconciliation;
    }

    @GET
    public Uni<TemplateInstance> show(@QueryParam("asked") boolean asked) {
        Visit visit = visitor.visit();
        return store.standing().map(standing -> Pages.reconciliation(visit, standing, null, asked));
    }

    /// What a run does.
    @GET
    @Path("run")
    public TemplateInstance confirm() {
        return Pages.reconcile(visitor.visit());
    }

    @POST
    @Path("run")
    @Blocking
    public Response run(@FormParam("form") String token) throws InterruptedException {
        reconciliation.request(visitor.actsBy(token));
        return ConsoleAnswer.seeOther("/ops/reconciliation?asked=true");
    }

    @POST
    @Path("drift")
    @Blocking
    public TemplateInstance drift(@Context HttpServerRequest request, @FormParam("form") String token)
            throws InterruptedException {
        OperateReconciliation.Drift drift = reconciliation.show(visitor.actsBy(token), request);
        return Pages.reconciliation(visitor.visit(), store.standing().await().indefinitely(), drift, false);
    }
}
