package dev.plinto.polar.ops;

import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;

/// The console's page on who did what.
@Path("/ops/audit")
@Produces(ConsoleAnswer.HTML)
@ForOperators
public class ShowAuditLog {

    private static final int PAGE = 100;

    private final Visitor visitor;
    private final AuditLog audit;

    ShowAuditLog(Visitor visitor, AuditLog audit) {
        this.visitor = visitor;
        this.audit = audit;
    }

    @GET
    public Uni<TemplateInstance> show(@QueryParam("after") String after) {
        Visit visit = visitor.visit();
        return audit.list(ReadAuditLog.before(after), PAGE).map(page -> Pages.audit(visit, page));
    }
}
