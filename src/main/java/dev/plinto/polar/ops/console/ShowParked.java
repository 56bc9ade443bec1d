package dev.plinto.polar.ops.console;

import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.ops.ParkedEvents;
import dev.plinto.polar.ops.ParkedSelection;
import dev.plinto.polar.ops.UnknownTypes;
import dev.plinto.polar.projection.ParkReason;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The console's pages about parked events. Replays are confirmed on a page that states what will happen.
@Path("/ops/parked")
@Produces(ConsoleResponses.HTML)
@ForOperators
public class ShowParked {

    private static final int PAGE = 50;
    private static final int FEW = 5;
    private static final List<String> REASONS = Stream.of(ParkReason.Kind.values()).map(ParkReason.Kind::wireName)
            .toList();

    private final CurrentOperator operator;
    private final ParkedEvents parked;
    private final UnknownTypes unknown;

    ShowParked(CurrentOperator operator, ParkedEvents parked, UnknownTypes unknown) {
        this.operator = operator;
        this.parked = parked;
        this.unknown = unknown;
    }

    @GET
    public Uni<TemplateInstance> list(@Context HttpServerRequest request, @QueryParam("after") @Nullable String after,
            @QueryParam("replayed") @Nullable String replayed) {
        ConsoleSession session = operator.session();
        Pages.ParkedForm form = new Pages.ParkedForm(ShowEvents.typed(request, "reason"),
                ShowEvents.typed(request, "type"));
        String count = replayed == null || !replayed.matches("\\d{1,9}") ? null : replayed;
        return Uni.combine().all().unis(parked.list(selection(form), after, PAGE), unknown.list()).asTuple()
                .map(both -> Pages.parked(session, form, REASONS, both.getItem1(), both.getItem2(),
                        both.getItem1().next() == null ? null : ShowEvents.next(request, both.getItem1().next()),
                        count));
    }

    /// Shows which events a replay would publish, and what that does.
    @GET
    @Path("replay")
    public Uni<TemplateInstance> confirm(@QueryParam("webhook_id") @DefaultValue("") String webhookId,
            @QueryParam("reason") @DefaultValue("") String reason, @QueryParam("type") @DefaultValue("") String type) {
        ConsoleSession session = operator.session();
        Pages.ParkedForm form = new Pages.ParkedForm(reason, type);
        if (!webhookId.isEmpty()) {
            return parked.details(webhookId).map(found -> Pages.replay(session,
                    new Pages.Confirmation("one event", webhookId, found.event(), form, null)));
        }
        ParkedSelection selection = selection(form);
        selection.requireReasonOrType();
        return parked.list(selection, null, FEW).map(page -> Pages.replay(session,
                new Pages.Confirmation("all events of " + selection, "", null, form, page)));
    }

    @POST
    @Path("replay")
    @Blocking
    public Response replay(@FormParam("form") String token, @FormParam("webhook_id") @DefaultValue("") String webhookId,
            @FormParam("reason") @DefaultValue("") String reason, @FormParam("type") @DefaultValue("") String type)
            throws InterruptedException {
        Actor actor = operator.requireOwnForm(token);
        ParkedEvents.Accepted accepted = webhookId.isEmpty()
                ? parked.replayAll(actor, selection(new Pages.ParkedForm(reason, type)))
                : parked.replayOne(actor, webhookId);
        return ConsoleResponses.seeOther("/ops/parked?replayed=" + accepted.replayed());
    }

    @POST
    @Path("unknown-types/replay")
    @Blocking
    public Response replayUnknown(@FormParam("form") String token, @FormParam("type") @DefaultValue("") String type)
            throws InterruptedException {
        UnknownTypes.Accepted accepted = unknown.replay(operator.requireOwnForm(token), type);
        return ConsoleResponses.seeOther("/ops/parked?replayed=" + accepted.replayed());
    }

    private static ParkedSelection selection(Pages.ParkedForm form) {
        return new ParkedSelection(form.reason().isEmpty() ? null : form.reason(),
                form.type().isEmpty() ? null : form.type());
    }
}
