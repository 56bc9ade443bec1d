package dev.plinto.polar;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;

/// Does for health and metrics what [AllowedMethods] does for all other paths: Quarkus answers them before, with 200
/// whatever the method.
final class ReadOnlyPaths {

    private static final String PATHS = "/q/(health(/(live|ready|started|well|group(/.*)?))?|metrics)/?";
    private static final int EARLY = Integer.MIN_VALUE + 1; // after RefuseWithoutHost
    private static final String ALLOW = "GET, HEAD, OPTIONS";

    private ReadOnlyPaths() {}

    static void listen(@Observes Router router) {
        router.routeWithRegex(PATHS).order(EARLY).handler(ReadOnlyPaths::check);
    }

    private static void check(RoutingContext context) {
        HttpMethod method = context.request().method();
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
            context.next();
        } else if (method.equals(HttpMethod.OPTIONS)) {
            context.response().setStatusCode(204).putHeader(HttpHeaders.ALLOW, ALLOW).end();
        } else {
            Problem problem = Problem.ofStatus(405, "Method Not Allowed");
            context.response().setStatusCode(problem.status())
                    .putHeader(HttpHeaders.ALLOW, ALLOW)
                    .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                    .end(JsonObject.mapFrom(problem.document()).toBuffer());
        }
    }
}
