package dev.plinto.polar.ops.console;

import dev.plinto.polar.audit.AuditSearch;
import dev.plinto.polar.audit.OrganizationTrail;
import dev.plinto.polar.audit.RecordedActions;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import org.jspecify.annotations.Nullable;

/// The console's page about who did what. Of an organization it also shows what webhooks changed.
@Path("/ops/audit")
@Produces(ConsoleResponses.HTML)
@ForOperators
public class ShowAuditLog {

    private static final int PAGE = 100;

    private final CurrentOperator operator;
    private final RecordedActions actions;
    private final OrganizationTrail trail;

    ShowAuditLog(CurrentOperator operator, RecordedActions actions, OrganizationTrail trail) {
        this.operator = operator;
        this.actions = actions;
        this.trail = trail;
    }

    @GET
    public Uni<TemplateInstance> show(@Context HttpServerRequest request,
            @QueryParam("after") @Nullable String after) {
        ConsoleSession session = operator.session();
        AuditForm form = AuditForm.of(request);
        AuditSearch search = form.search();
        String organization = search.organization();
        Uni<AuditPage> page = organization == null
                ? actions.list(search, after, PAGE).map(AuditPage::of)
                : trail.list(search, after, PAGE).map(entries -> AuditPage.of(entries, organization));
        return page.map(found -> Pages.audit(session, form, found,
                found.next() == null ? null : ShowEvents.next(request, found.next())));
    }
}
