package dev.plinto.polar.sandbox.plinto;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Set;
import java.util.stream.Stream;

/// Lets scripts of applications on this machine, on other ports, call what a client calls itself (CORS); those of other
/// sites are refused.
@ApplicationScoped
class AllowLoopbackOrigins {

    void mount(@Observes Router router) {
        CorsHandler handler = CorsHandler.create().addOriginWithRegex(Loopback.ORIGINS)
                .allowedMethods(Set.of(HttpMethod.GET, HttpMethod.POST))
                .allowedHeaders(Set.of("authorization", "content-type"));
        Stream.of(OpenIdProvider.METADATA, OpenIdProvider.KEYS, OpenIdProvider.TOKEN, OpenIdProvider.USER_INFO)
                .forEach(path -> router.route(OpenIdProvider.PATH + path).handler(handler)
                        .failureHandler(AllowLoopbackOrigins::refuse));
    }

    /// Quarkus would log an error for each request of a stranger's page.
    private static void refuse(RoutingContext request) {
        if (request.statusCode() == 403) {
            request.response().setStatusCode(403).end("Only pages of this machine may call this.");
        } else {
            request.next();
        }
    }
}
