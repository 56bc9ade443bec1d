package dev.plinto.polar.sandbox.conekta.live;

import dev.plinto.polar.sandbox.conekta.rest.ConektaApi;
import dev.plinto.polar.sandbox.provider.ApiFault;
import dev.plinto.polar.sandbox.provider.Faults;
import dev.plinto.polar.sandbox.provider.ServeApi;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Random;

/// Serves the sandbox Conekta's REST API at `/sandbox/conekta/api`.
@ApplicationScoped
class MountConektaApi {

    static final String ROOT = SandboxConekta.ROOT + "/api";

    private final SandboxConekta conekta;
    private final ServeApi api;

    MountConektaApi(Vertx vertx, SandboxConekta conekta) {
        this.conekta = conekta;
        api = new ServeApi(vertx, new ConektaApi(conekta.simulation()), new Faults<ApiFault>(new Random(1)), ROOT);
    }

    void mount(@Observes Router router) {
        router.route(ROOT + "/*").handler(context -> {
            HttpServerRequest request = context.request();
            conekta.useServicePort(request.localAddress().port());
            api.handle(request);
            request.resume(); // Quarkus paused it for the reader of its body
        });
    }
}
