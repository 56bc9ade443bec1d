package dev.plinto.polar.sandbox.polar.live;

import dev.plinto.polar.sandbox.polar.rest.SimulatedApi;
import dev.plinto.polar.sandbox.provider.ApiFault;
import dev.plinto.polar.sandbox.provider.Faults;
import dev.plinto.polar.sandbox.provider.ServeApi;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Random;

/// Serves the sandbox Polar's REST API at `/sandbox/polar/v1`.
@ApplicationScoped
class MountPolarApi {

    static final String ROOT = "/sandbox/polar";

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
            polar.useServicePort(request.localAddress().port());
            api().handle(request);
            request.resume(); // Quarkus paused it for the reader of its body
        });
    }

    /// Created at the first request, since the port of this service is known only then.
    private synchronized ServeApi api() {
        if (api == null) {
            api = new ServeApi(vertx, new SimulatedApi(polar.simulation()), faults, ROOT);
        }
        return api;
    }
}
