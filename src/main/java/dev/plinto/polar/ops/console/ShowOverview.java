package dev.plinto.polar.ops.console;

import dev.plinto.polar.ops.ServiceOverview;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;

/// The console's first page: what is wrong, how late changes are, and what needs attention.
@Path("/ops")
@Produces(ConsoleResponses.HTML)
@ForOperators
public class ShowOverview {

    private final CurrentOperator operator;
    private final ServiceOverview overview;

    ShowOverview(CurrentOperator operator, ServiceOverview overview) {
        this.operator = operator;
        this.overview = overview;
    }

    @GET
    public Uni<TemplateInstance> overview() {
        ConsoleSession session = operator.session();
        return overview.now().map(found -> Pages.overview(session, found));
    }
}
