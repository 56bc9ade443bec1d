package dev.plinto.polar.http;

import dev.plinto.polar.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;

/// Answers a request whose `Host` is missing or no host: Quarkus would log each as an ERROR with a stack trace. Refuses
/// one with several: of a proxy and this service each could take another one for the right one.
final class RefuseWithoutHost {

    private static final int FIRST = Integer.MIN_VALUE;
    private static final int BAD_REQUEST = 400;
    private static final Problem MISSING = new Problem("http-" + BAD_REQUEST, BAD_REQUEST, "Bad Request",
            "The request has no valid header Host. Send one.");

    private static final Problem SEVERAL = new Problem("http-" + BAD_REQUEST, BAD_REQUEST, "Bad Request",
            "The request has several headers Host. Send one.");

    private RefuseWithoutHost() {}

    static void listen(@Observes Router router) {
        router.route().order(FIRST).handler(RefuseWithoutHost::check).failureHandler(RefuseWithoutHost::answer);
    }

    private static void check(RoutingContext context) {
        if (context.request().headers().getAll(HttpHeaders.HOST).size() > 1) {
            refuseAndClose(context.request());
        } else {
            context.next();
        }
    }

    /// The response does not end: once it did, a further request that has arrived already would be answered. It may be
    /// a part of this one, as a proxy reads it.
    private static void refuseAndClose(HttpServerRequest request) {
        Buffer document = JsonObject.mapFrom(SEVERAL.document()).toBuffer();
        request.response().setStatusCode(SEVERAL.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(document.length()))
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                .write(document).onComplete(written -> request.connection().close());
    }

    private static void answer(RoutingContext context) {
        if (context.statusCode() != MISSING.status() || context.request().authority() != null) {
            context.next();
            return;
        }
        context.response()
                .setStatusCode(MISSING.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .end(JsonObject.mapFrom(MISSING.document()).toBuffer());
    }
}
