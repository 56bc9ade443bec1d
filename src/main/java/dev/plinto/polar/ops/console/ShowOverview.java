package dev.plinto.polar.ops.console;

import dev.plinto.polar.ops.ServiceOverview;
import dev.plinto.polar.projection.census.ContradictionCensus;
import dev.plinto.polar.projection.census.ContradictionKind;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The console's first page: what is wrong, how late changes are, and what needs attention.
@Path("/ops")
@Produces(ConsoleResponses.HTML)
@ForOperators
public class ShowOverview {

    private final CurrentOperator operator;
    private final ServiceOverview overview;
    private final ContradictionCensus contradictions;

    ShowOverview(CurrentOperator operator, ServiceOverview overview, ContradictionCensus contradictions) {
        this.operator = operator;
        this.overview = overview;
        this.contradictions = contradictions;
    }

    @GET
    public Uni<TemplateInstance> overview() {
        ConsoleSession session = operator.session();
        return overview.now().map(found -> Pages.overview(session, found, counts()));
    }

    private List<Pages.ContradictionCount> counts() {
        Map<ContradictionKind, Long> counted = contradictions.counts().orElse(Map.of());
        return Stream.of(ContradictionKind.values())
                .map(kind -> new Pages.ContradictionCount(kind.wireName(), counted.get(kind))).toList();
    }
}
