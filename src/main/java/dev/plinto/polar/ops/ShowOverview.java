package dev.plinto.polar.ops;

import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;

/// The console's first page: is it right, how late, what waits for somebody.
@Path("/ops")
@Produces(ConsoleAnswer.HTML)
@ForOperators
public class ShowOverview {

    private final Visitor visitor;
    private final LookAtEverything everything;

    ShowOverview(Visitor visitor, LookAtEverything everything) {
        this.visitor = visitor;
        this.everything = everything;
    }

    @GET
    public Uni<TemplateInstance> overview() {
        Visit visit = visitor.visit();
        return everything.overview().map(overview -> Pages.overview(visit, overview));
    }
}
