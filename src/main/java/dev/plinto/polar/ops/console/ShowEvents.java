package dev.plinto.polar.ops.console;

import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.ops.AttemptsAtPolar;
import dev.plinto.polar.ops.EventSearch;
import dev.plinto.polar.ops.Events;
import dev.plinto.polar.ops.Format;
import dev.plinto.polar.ops.FoundEvent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The console's pages about events.
@Path("/ops/events")
@Produces(ConsoleResponses.HTML)
@ForOperators
public class ShowEvents {

    private static final int PAGE = 50;

    private final CurrentOperator operator;
    private final Events events;
    private final AttemptsAtPolar attempts;

    ShowEvents(CurrentOperator operator, Events events, AttemptsAtPolar attempts) {
        this.operator = operator;
        this.events = events;
        this.attempts = attempts;
    }

    @GET
    public Uni<TemplateInstance> list(@Context HttpServerRequest request, @BeanParam EventSearch.Query query,
            @QueryParam("after") @Nullable String after) {
        ConsoleSession session = operator.session();
        return events.search(EventSearch.of(query), after, PAGE).map(page -> Pages.events(session, form(request),
                List.of(FoundEvent.Outcome.values()), page, page.next() == null ? null : next(request, page.next())));
    }

    @GET
    @Path("{webhook_id}")
    public Uni<TemplateInstance> one(@PathParam("webhook_id") String webhookId) {
        ConsoleSession session = operator.session();
        return events.details(webhookId).map(found -> Pages.event(session, found, null));
    }

    @POST
    @Path("{webhook_id}/attempts")
    @Blocking
    public TemplateInstance attempts(@PathParam("webhook_id") String webhookId, @FormParam("form") String form)
            throws InterruptedException {
        Actor actor = operator.requireOwnForm(form);
        FoundEvent.WithPayload found = events.details(webhookId).await().indefinitely();
        return Pages.event(operator.session(), found, attempts.of(actor, found.event()));
    }

    private static Pages.EventForm form(HttpServerRequest request) {
        return new Pages.EventForm(typed(request, "webhook_id"), typed(request, "type"),
                typed(request, "customer_id"), typed(request, "organization_id"), typed(request, "outcome"),
                typed(request, "conflicting"), typed(request, "from"), typed(request, "until"));
    }

    static String typed(HttpServerRequest request, String name) {
        return Objects.requireNonNullElse(request.getParam(name), "").strip();
    }

    /// The address of the same search's next page.
    static String next(HttpServerRequest request, String cursor) {
        Map<String, String> parameters = new TreeMap<>();
        new QueryStringDecoder(request.uri()).parameters().forEach((name, values) -> { // others are the router's own
            if (!values.getLast().isBlank()) {
                parameters.put(name, values.getLast());
            }
        });
        parameters.put("after", cursor);
        return request.path() + parameters.entrySet().stream()
                .map(parameter -> Format.url(parameter.getKey()) + "=" + Format.url(parameter.getValue()))
                .collect(Collectors.joining("&", "?", ""));
    }
}
