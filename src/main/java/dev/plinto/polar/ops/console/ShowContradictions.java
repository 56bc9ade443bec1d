package dev.plinto.polar.ops.console;

import dev.plinto.polar.ops.Contradictions;
import dev.plinto.polar.projection.census.ContradictionKind;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The console's page about contradictions between Polar's statements.
@Path("/ops/contradictions")
@Produces(ConsoleResponses.HTML)
@ForOperators
public class ShowContradictions {

    private static final int PAGE = 50;
    private static final List<String> KINDS = Stream.of(ContradictionKind.values()).map(ContradictionKind::wireName)
            .toList();

    private final CurrentOperator operator;
    private final Contradictions contradictions;

    ShowContradictions(CurrentOperator operator, Contradictions contradictions) {
        this.operator = operator;
        this.contradictions = contradictions;
    }

    @GET
    public Uni<TemplateInstance> list(@Context HttpServerRequest request, @QueryParam("after") @Nullable String after) {
        ConsoleSession session = operator.session();
        String kind = ShowEvents.typed(request, "kind");
        return contradictions.list(kind.isEmpty() ? null : Contradictions.kind(kind), after, PAGE)
                .map(page -> Pages.contradictions(session, KINDS, kind, page,
                        page.next() == null ? null : ShowEvents.next(request, page.next())));
    }
}
