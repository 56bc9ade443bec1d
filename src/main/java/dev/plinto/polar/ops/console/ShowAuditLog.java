package dev.plinto.polar.ops.console;

import dev.plinto.polar.audit.RecordedActions;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import org.jspecify.annotations.Nullable;

/// The console's page about what operators did.
@Path("/ops/audit")
@Produces(ConsoleResponses.HTML)
@ForOperators
public class ShowAuditLog {

    private static final int PAGE = 100;

    private final CurrentOperator operator;
    private final RecordedActions audit;

    ShowAuditLog(CurrentOperator operator, RecordedActions audit) {
        this.operator = operator;
        this.audit = audit;
    }

    @GET
    public Uni<TemplateInstance> show(@QueryParam("after") @Nullable String after) {
        ConsoleSession session = operator.session();
        return audit.list(RecordedActions.Search.ALL, after, PAGE).map(page -> Pages.audit(session, page));
    }
}
