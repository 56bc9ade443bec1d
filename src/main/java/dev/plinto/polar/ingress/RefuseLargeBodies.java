package dev.plinto.polar.ingress;

import dev.plinto.polar.Problem;
import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/// Answers a delivery that announces more than the limit before any of it is read. It has to come before Quarkus' own
/// limit, which answers without saying why.
@ApplicationScoped
class RefuseLargeBodies {

    private static final int BEFORE_QUARKUS_LIMIT = -100; // that one is at -2

    private static final long LARGEST = 2 * 1024 * 1024 - 64 * 1024;

    private final IngressProblems problems;
    private final IngressMetrics metrics;
    private final long maxBody;

    RefuseLargeBodies(IngressConfig config, IngressMetrics metrics) {
        this.problems = new IngressProblems(config);
        this.metrics = metrics;
        this.maxBody = config.webhook().maxBody().asLongValue();
        if (maxBody > LARGEST) {
            throw new IllegalArgumentException("polar.webhook.max-body is more than the raw topic takes in one message,"
                    + " which is 2 MiB with headers: at most " + LARGEST + " bytes are possible");
        }
    }

    void listen(@Observes Router router, Roles roles) {
        if (!roles.include(Role.INGRESS)) {
            return; // what a delivery gets here does not depend on its size
        }
        router.post(ReceivePolarWebhook.PATH).order(BEFORE_QUARKUS_LIMIT).handler(this::check);
    }

    private void check(RoutingContext context) {
        if (BoundedBody.announced(context.request()).orElse(0) <= maxBody) {
            context.next();
            return;
        }
        metrics.rejected();
        Problem problem = problems.tooLarge();
        BoundedBody.drain(context.request());
        if (BoundedBody.hasConnectionOfItsOwn(context.request())) {
            context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        context.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .end(JsonObject.mapFrom(problem.document()).toBuffer());
    }
}
