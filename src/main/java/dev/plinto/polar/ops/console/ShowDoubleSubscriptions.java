package dev.plinto.polar.ops.console;

import dev.plinto.polar.ops.DoubleSubscriptions;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import org.jspecify.annotations.Nullable;

/// The console's page about organizations that pay twice.
@Path("/ops/double-subscriptions")
@Produces(ConsoleResponses.HTML)
@ForOperators
public class ShowDoubleSubscriptions {

    private static final int PAGE = 50;

    private final CurrentOperator operator;
    private final DoubleSubscriptions subscriptions;

    ShowDoubleSubscriptions(CurrentOperator operator, DoubleSubscriptions subscriptions) {
        this.operator = operator;
        this.subscriptions = subscriptions;
    }

    @GET
    public Uni<TemplateInstance> list(@Context HttpServerRequest request, @QueryParam("after") @Nullable String after) {
        ConsoleSession session = operator.session();
        return subscriptions.list(after, PAGE).map(page -> Pages.doubles(session, page,
                page.next() == null ? null : ShowEvents.next(request, page.next())));
    }
}
