package dev.plinto.polar.ops.console;

import dev.plinto.polar.ops.ErasureList;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import org.jspecify.annotations.Nullable;

/// The console's page about erasures of customer data.
@Path("/ops/erasures")
@Produces(ConsoleResponses.HTML)
@ForOperators
public class ShowErasures {

    private static final int PAGE = 20;

    private final CurrentOperator operator;
    private final ErasureList erasures;

    ShowErasures(CurrentOperator operator, ErasureList erasures) {
        this.operator = operator;
        this.erasures = erasures;
    }

    @GET
    public Uni<TemplateInstance> list(@Context HttpServerRequest request, @QueryParam("after") @Nullable String after) {
        ConsoleSession session = operator.session();
        String organization = ShowEvents.typed(request, "organization_id");
        return erasures.list(organization.isEmpty() ? null : organization, after, PAGE)
                .map(page -> Pages.erasures(session, organization, page,
                        page.next() == null ? null : ShowEvents.next(request, page.next())));
    }
}
