package dev.plinto.polar.http;

import dev.plinto.polar.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;

/// Answers a request whose `Host` is missing or no host. Quarkus would log each as an ERROR with a stack trace.
final class RefuseWithoutHost {

    private static final int FIRST = Integer.MIN_VALUE;
    private static final int BAD_REQUEST = 400;
    private static final Problem PROBLEM = new Problem("http-" + BAD_REQUEST, BAD_REQUEST, "Bad Request",
            "The request has no valid header Host. Send one.");

    private RefuseWithoutHost() {}

    static void listen(@Observes Router router) {
        router.route().order(FIRST).failureHandler(RefuseWithoutHost::answer);
    }

    private static void answer(RoutingContext context) {
        if (context.statusCode() != PROBLEM.status() || context.request().authority() != null) {
            context.next();
            return;
        }
        context.response()
                .setStatusCode(PROBLEM.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .end(JsonObject.mapFrom(PROBLEM.document()).toBuffer());
    }
}
