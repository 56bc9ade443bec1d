package dev.plinto.polar.reconcile;

import dev.plinto.polar.testing.OwnThreads;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// A proxy between the service and the simulated Polar. It records requests, and answers some of them itself.
public final class Gateway implements AutoCloseable {

    private final HttpClient http = OwnThreads.httpClient();
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(1));
    private final HttpServer server;
    private final URI polar;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Function<String, Optional<Answer>> override = path -> Optional.empty();
    private final AtomicReference<Duration> delay = new AtomicReference<>(Duration.ZERO);

    public record Answer(int status, Map<String, String> headers, String body) {

        public Answer(int status, Map<String, String> headers) {
            this(status, headers, "");
        }
    }

    public Gateway(int port, URI polar) {
        this.polar = polar;
        server = vertx.createHttpServer().requestHandler(this::handle).listen(port, "127.0.0.1")
                .toCompletionStage().toCompletableFuture().join();
    }

    public int port() {
        return server.actualPort();
    }

    /// Method, path and query of each request since the last call.
    List<String> takeRequests() {
        List<String> all = List.copyOf(requests);
        requests.clear();
        return all;
    }

    /// The requests since the last call of [#takeRequests()].
    List<String> requests() {
        return List.copyOf(requests);
    }

    /// @param answers called on one thread with path and query; empty forwards the request to Polar
    public void answerInstead(Function<String, Optional<Answer>> answers) {
        override = answers;
    }

    /// Delays the answer to the next request.
    void delayNextAnswer(Duration by) {
        delay.set(by);
    }

    private void handle(HttpServerRequest request) {
        requests.add(request.method().name() + " " + request.uri());
        Optional<Answer> overridden = override.apply(request.uri());
        if (overridden.isPresent()) {
            request.response().setStatusCode(overridden.get().status());
            overridden.get().headers().forEach(request.response()::putHeader);
            request.response().end(overridden.get().body());
            return;
        }
        request.body().onSuccess(body -> {
            HttpRequest.Builder forwarded = HttpRequest.newBuilder(polar.resolve(request.uri()))
                    .method(request.method().name(), HttpRequest.BodyPublishers.ofByteArray(body.getBytes()));
            for (String header : List.of("authorization", "polar-version", "content-type")) {
                Optional.ofNullable(request.getHeader(header)).ifPresent(value -> forwarded.header(header, value));
            }
            var answered = http.sendAsync(forwarded.build(), BodyHandlers.ofByteArray());
            long delayMillis = Math.max(1, delay.getAndSet(Duration.ZERO).toMillis());
            answered.thenAccept(answer -> vertx.setTimer(delayMillis, run -> {
                request.response().setStatusCode(answer.statusCode());
                for (String header : List.of("date", "x-polar-sandbox", "content-type", "location")) {
                    answer.headers().firstValue(header).ifPresent(value -> request.response().putHeader(header, value));
                }
                request.response().end(Buffer.buffer(answer.body()));
            }));
        });
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        http.close();
    }
}
