package dev.plinto.polar.ops.console;

import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.ops.AllowSlowResponse;
import dev.plinto.polar.ops.DecideOnUsage;
import dev.plinto.polar.ops.DiscardReason;
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
import org.jspecify.annotations.Nullable;

/// The console's page about the usage that Polar refuses. What an action does is said where it is confirmed.
@Path("/ops/usage")
@Produces(ConsoleResponses.HTML)
@ForOperators
public class ShowUsage {

    private static final int PAGE = 50;

    private final CurrentOperator operator;
    private final DecideOnUsage usage;

    ShowUsage(CurrentOperator operator, DecideOnUsage usage) {
        this.operator = operator;
        this.usage = usage;
    }

    @GET
    public Uni<TemplateInstance> list(@Context HttpServerRequest request,
            @QueryParam("after") @Nullable String after, @QueryParam("replayed") @Nullable String replayed,
            @QueryParam("discarded") @Nullable String discarded) {
        ConsoleSession session = operator.session();
        String organization = ShowEvents.typed(request, "organization_id");
        return usage.list(organization.isEmpty() ? null : organization, after, PAGE)
                .map(page -> Pages.usage(session, organization, page,
                        page.next() == null ? null : ShowEvents.next(request, page.next()),
                        ShowParked.count(replayed), ShowParked.count(discarded)));
    }

    @POST
    @Path("replay")
    @Blocking
    public Response replay(@Context HttpServerRequest request, @FormParam("form") String token,
            @FormParam("id") @DefaultValue("") String id,
            @FormParam("organization_id") @DefaultValue("") String organization) throws InterruptedException {
        Actor actor = operator.requireOwnForm(token);
        AllowSlowResponse.on(request);
        DecideOnUsage.Replayed done = id.isEmpty()
                ? usage.replayAll(actor, organization)
                : usage.replayOne(actor, id);
        return ConsoleResponses.seeOther("/ops/usage?replayed=" + done.replayed());
    }

    @POST
    @Path("discard")
    @Blocking
    public Response discard(@Context HttpServerRequest request, @FormParam("form") String token,
            @FormParam("id") @DefaultValue("") String id,
            @FormParam("organization_id") @DefaultValue("") String organization,
            @FormParam("why") @DefaultValue("") String why) throws InterruptedException {
        Actor actor = operator.requireOwnForm(token);
        DiscardReason reason = new DiscardReason(why);
        AllowSlowResponse.on(request);
        int discarded = (id.isEmpty()
                ? usage.discardAll(actor, organization, reason)
                : usage.discardOne(actor, id, reason)).discarded();
        return ConsoleResponses.seeOther("/ops/usage?discarded=" + discarded);
    }
}
