package dev.plinto.polar.sandbox.provider;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.URI;
import java.util.Random;

/// A provider's API on a port of this machine, a free one unless it is given, until it is closed.
public final class LoopbackServer implements AutoCloseable {

    private static final int ANY_PORT = 0;

    private final ProviderApi api;
    private final Faults<ApiFault> faults = new Faults<>(new Random(1));
    private final Vertx vertx = Vertx.vertx(
            new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(4).setInternalBlockingPoolSize(1));
    private final HttpServer server;

    private LoopbackServer(ProviderApi api, int port) {
        this.api = api;
        server = vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(port))
                .requestHandler(new ServeApi(vertx, api, faults, ""))
                .listen()
                .toCompletionStage().toCompletableFuture().join();
    }

    public static LoopbackServer start(ProviderApi api) {
        return start(api, ANY_PORT);
    }

    /// At this port, so that its address is known before.
    public static LoopbackServer start(ProviderApi api, int port) {
        return new LoopbackServer(api, port);
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
