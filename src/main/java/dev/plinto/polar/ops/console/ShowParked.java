package dev.plinto.polar.ops.console;

import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.ops.AllowSlowResponse;
import dev.plinto.polar.ops.DiscardParkedEvents;
import dev.plinto.polar.ops.DiscardReason;
import dev.plinto.polar.ops.ParkedEvents;
import dev.plinto.polar.ops.ParkedSelection;
import dev.plinto.polar.ops.ReplayProgress;
import dev.plinto.polar.ops.ReplayProgress.Replay;
import dev.plinto.polar.ops.ReplayProgress.Which;
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
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The console's pages about parked events. Replays and discards are confirmed on a page that states what will happen.
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
    private final DiscardParkedEvents discard;
    private final UnknownTypes unknown;
    private final ReplayProgress progress;
    private final InstantSource clock;

    ShowParked(CurrentOperator operator, ParkedEvents parked, DiscardParkedEvents discard, UnknownTypes unknown,
            ReplayProgress progress, InstantSource clock) {
        this.operator = operator;
        this.parked = parked;
        this.discard = discard;
        this.unknown = unknown;
        this.progress = progress;
        this.clock = clock;
    }

    @GET
    public Uni<TemplateInstance> list(@Context HttpServerRequest request,
            @QueryParam("after") @Nullable String after, @QueryParam("discarded") @Nullable String discarded) {
        ConsoleSession session = operator.session();
        Pages.ParkedForm form = new Pages.ParkedForm(ShowEvents.typed(request, "reason"),
                ShowEvents.typed(request, "type"));
        return ReplayResult.of(request, progress, clock.instant()).flatMap(replayed -> Uni.combine().all()
                .unis(parked.list(selection(form), after, PAGE), unknown.list()).asTuple()
                .map(both -> Pages.parked(session, form, REASONS, both.getItem1(), both.getItem2(),
                        both.getItem1().next() == null ? null : ShowEvents.next(request, both.getItem1().next()),
                        replayed.orElse(null), count(discarded))));
    }

    static @Nullable String count(@Nullable String number) {
        return number == null || !number.matches("\\d{1,9}") ? null : number;
    }

    /// Shows which events a replay would publish, and what that does.
    @GET
    @Path("replay")
    public Uni<TemplateInstance> confirmReplay(@QueryParam("webhook_id") @DefaultValue("") String webhookId,
            @QueryParam("reason") @DefaultValue("") String reason, @QueryParam("type") @DefaultValue("") String type) {
        ConsoleSession session = operator.session();
        return confirmation(webhookId, new Pages.ParkedForm(reason, type)).map(which -> Pages.replay(session, which));
    }

    /// Shows which events would be discarded, and what that does.
    @GET
    @Path("discard")
    public Uni<TemplateInstance> confirmDiscard(@QueryParam("webhook_id") @DefaultValue("") String webhookId,
            @QueryParam("reason") @DefaultValue("") String reason, @QueryParam("type") @DefaultValue("") String type) {
        ConsoleSession session = operator.session();
        return confirmation(webhookId, new Pages.ParkedForm(reason, type)).map(which -> Pages.discard(session, which));
    }

    private Uni<Pages.Confirmation> confirmation(String webhookId, Pages.ParkedForm form) {
        if (!webhookId.isEmpty()) {
            return parked.details(webhookId)
                    .map(found -> new Pages.Confirmation("one event", webhookId, found.event(), form, null));
        }
        ParkedSelection selection = selection(form);
        selection.requireReasonOrType();
        return parked.list(selection, null, FEW)
                .map(page -> new Pages.Confirmation("all events of " + selection, "", null, form, page));
    }

    @POST
    @Path("replay")
    @Blocking
    public Response replay(@Context HttpServerRequest request, @FormParam("form") String token,
            @FormParam("webhook_id") @DefaultValue("") String webhookId,
            @FormParam("reason") @DefaultValue("") String reason, @FormParam("type") @DefaultValue("") String type)
            throws InterruptedException {
        Actor actor = operator.requireOwnForm(token);
        AllowSlowResponse.on(request);
        Instant began = progress.now().await().indefinitely();
        if (webhookId.isEmpty()) {
            ParkedSelection selection = selection(new Pages.ParkedForm(reason, type));
            int replayed = parked.replayAll(actor, selection).replayed();
            return ReplayResult.seeOther(new Replay(replayed, began, new Which.All(selection)));
        }
        int replayed = parked.replayOne(actor, webhookId).replayed();
        return ReplayResult.seeOther(new Replay(replayed, began, new Which.One(webhookId)));
    }

    /// @param why the operator's reason for discarding them; `reason` is the one for which they are parked
    @POST
    @Path("discard")
    @Blocking
    public Response discard(@Context HttpServerRequest request, @FormParam("form") String token,
            @FormParam("webhook_id") @DefaultValue("") String webhookId,
            @FormParam("reason") @DefaultValue("") String reason, @FormParam("type") @DefaultValue("") String type,
            @FormParam("why") @DefaultValue("") String why) throws InterruptedException {
        Actor actor = operator.requireOwnForm(token);
        DiscardReason given = new DiscardReason(why);
        AllowSlowResponse.on(request);
        DiscardParkedEvents.Discarded done = webhookId.isEmpty()
                ? discard.all(actor, selection(new Pages.ParkedForm(reason, type)), given)
                : discard.one(actor, webhookId, given);
        return ConsoleResponses.seeOther("/ops/parked?discarded=" + done.discarded());
    }

    @POST
    @Path("unknown-types/replay")
    @Blocking
    public Response replayUnknown(@Context HttpServerRequest request, @FormParam("form") String token,
            @FormParam("type") @DefaultValue("") String type) throws InterruptedException {
        Actor actor = operator.requireOwnForm(token);
        AllowSlowResponse.on(request);
        Instant began = progress.now().await().indefinitely();
        int replayed = unknown.replay(actor, type).replayed();
        return ReplayResult.seeOther(new Replay(replayed, began, new Which.UnknownType(type)));
    }

    static ParkedSelection selection(Pages.ParkedForm form) {
        return new ParkedSelection(form.reason().isEmpty() ? null : form.reason(),
                form.type().isEmpty() ? null : form.type());
    }
}
