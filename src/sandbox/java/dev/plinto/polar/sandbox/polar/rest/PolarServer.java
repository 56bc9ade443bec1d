package dev.plinto.polar.sandbox.polar.rest;

import dev.plinto.polar.sandbox.polar.Faults;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// The simulated Polar's REST API on a free port of this machine, until it is closed.
///
/// While it runs, all other actions on the simulation must run inside
/// [SimulatedPolar#exclusively(java.util.function.Supplier)].
public final class PolarServer implements AutoCloseable {

    /// The only accepted token.
    public static final String ACCESS_TOKEN = SimulatedApi.ACCESS_TOKEN;

    private final SimulatedApi api;
    private final Faults<ApiFault> faults = new Faults<>(new Random(1));
    private final Vertx vertx = Vertx.vertx(
            new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(4).setInternalBlockingPoolSize(1));
    private final HttpServer server;

    private PolarServer(SimulatedPolar polar) {
        api = new SimulatedApi(polar);
        server = vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                .requestHandler(new ServeApi(vertx, api, faults, ""))
                .listen()
                .toCompletionStage().toCompletableFuture().join();
    }

    public static PolarServer start(SimulatedPolar polar) {
        return new PolarServer(polar);
    }

    /// Ends in `/v1`, as the base URL of Polar's own API does.
    public URI apiUrl() {
        return URI.create("http://127.0.0.1:" + server.actualPort() + "/v1");
    }

    /// The faults to inject into requests, by their path below `/v1`.
    public Faults<ApiFault> faults() {
        return faults;
    }

    /// The answered requests, oldest first (`GET /customers/`), without those that a fault answered.
    public List<String> requests() {
        return api.requests();
    }

    /// From now on requests that name this API version are answered 404.
    public void retire(String version) {
        api.retire(version);
    }

    /// From now on the token lacks these scopes, such as `checkouts:write`: what needs one is answered 403.
    public void withhold(String... scopes) {
        api.withhold(Set.of(scopes));
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
