package dev.plinto.polar.sandbox.polar.live;

import dev.plinto.polar.sandbox.polar.Faults;
import dev.plinto.polar.sandbox.polar.rest.ApiFault;
import dev.plinto.polar.sandbox.polar.rest.ServeApi;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Random;

/// Polar's REST API as the sandbox's Polar answers it, at `/sandbox/polar/v1`.
@ApplicationScoped
class MountPolarApi {

    private static final String ROOT = "/sandbox/polar";

    private final Vertx vertx;
    private final SandboxPolar polar;
    private final Faults<ApiFault> faults = new Faults<>(new Random(1));
    private ServeApi api;

    MountPolarApi(Vertx vertx, SandboxPolar polar) {
        this.vertx = vertx;
        this.polar = polar;
    }

    Faults<ApiFault> faults() {
        return faults;
    }

    void mount(@Observes Router router) {
        router.route(ROOT + "/v1/*").handler(context -> {
            HttpServerRequest request = context.request();
            polar.isServedAt(request.localAddress().port());
            api().handle(request);
            request.resume(); // Quarkus has paused it for whoever reads its body
        });
    }

    /// Made at the first request, since this service's Polar begins with what it says of the port.
    private synchronized ServeApi api() {
        if (api == null) {
            api = new ServeApi(vertx, polar.simulation(), faults, ROOT);
        }
        return api;
    }
}
