package dev.plinto.polar.sandbox.provider;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.URI;
import java.util.Random;

/// A provider's API on a free port of this machine, until it is closed.
public final class LoopbackServer implements AutoCloseable {

    private final ProviderApi api;
    private final Faults<ApiFault> faults = new Faults<>(new Random(1));
    private final Vertx vertx = Vertx.vertx(
            new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(4).setInternalBlockingPoolSize(1));
    private final HttpServer server;

    private LoopbackServer(ProviderApi api) {
        this.api = api;
        server = vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                .requestHandler(new ServeApi(vertx, api, faults, ""))
                .listen()
                .toCompletionStage().toCompletableFuture().join();
    }

    public static LoopbackServer start(ProviderApi api) {
        return new LoopbackServer(api);
    }

    /// Ends in the API's prefix.
    public URI apiUrl() {
        return URI.create("http://127.0.0.1:" + server.actualPort() + api.prefix());
    }

    /// The faults to inject into requests, by their path below the prefix.
    public Faults<ApiFault> faults() {
        return faults;
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
