package dev.plinto.polar.ingress;

import dev.plinto.polar.Problem;
import dev.plinto.polar.Role;
import dev.plinto.polar.RoleGate;
import dev.plinto.polar.Roles;
import dev.plinto.polar.WebhookDialect;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/// Refuses a delivery whose `Content-Length` is over the limit, before any of its body is read. It must run before
/// Quarkus' own limit, which answers without a reason.
@ApplicationScoped
class RefuseLargeBodies {

    private static final int BEFORE_QUARKUS_LIMIT = -100; // Quarkus' handler has order -2

    private final IngressProblems problems;
    private final IngressMetrics metrics;
    private final ReceivedProviders providers;
    private final long maxBody;

    RefuseLargeBodies(IngressConfig config, IngressMetrics metrics, ReceivedProviders providers) {
        this.problems = new IngressProblems(config);
        this.metrics = metrics;
        this.providers = providers;
        this.maxBody = config.webhook().maxBody().asLongValue();
    }

    void listen(@Observes Router router, Roles roles) {
        boolean receives = roles.include(Role.INGRESS);
        providers.all().forEach(dialect -> listen(router, dialect, receives));
    }

    private void listen(Router router, WebhookDialect dialect, boolean receives) {
        router.post(ReceiveWebhook.path(dialect)).order(BEFORE_QUARKUS_LIMIT).handler(context -> {
            if (BoundedBody.contentLength(context.request()).orElse(0) <= maxBody) {
                context.next();
            } else if (!receives) {
                refuse(context, RoleGate.notRunning(Role.INGRESS)); // the same, whatever its size
            } else if (!dialect.isOn()) {
                refuse(context, IngressProblems.off(dialect)); // likewise
            } else {
                metrics.rejected();
                refuse(context, problems.tooLarge());
            }
        });
    }

    private static void refuse(RoutingContext context, Problem problem) {
        BoundedBody.drain(context.request());
        if (BoundedBody.ownsConnection(context.request())) {
            context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        context.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .end(JsonObject.mapFrom(problem.document()).toBuffer());
    }
}
