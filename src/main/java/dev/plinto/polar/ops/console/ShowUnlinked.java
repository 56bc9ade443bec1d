package dev.plinto.polar.ops.console;

import dev.plinto.polar.ops.UnlinkedCustomers;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import org.jspecify.annotations.Nullable;

/// The console's page about customers who pay and are linked to no organization.
@Path("/ops/unlinked")
@Produces(ConsoleResponses.HTML)
@ForOperators
public class ShowUnlinked {

    private static final int PAGE = 50;

    private final CurrentOperator operator;
    private final UnlinkedCustomers customers;

    ShowUnlinked(CurrentOperator operator, UnlinkedCustomers customers) {
        this.operator = operator;
        this.customers = customers;
    }

    @GET
    public Uni<TemplateInstance> list(@Context HttpServerRequest request, @QueryParam("after") @Nullable String after) {
        ConsoleSession session = operator.session();
        return customers.list(after, PAGE).map(page -> Pages.unlinked(session, page,
                page.next() == null ? null : ShowEvents.next(request, page.next())));
    }
}
