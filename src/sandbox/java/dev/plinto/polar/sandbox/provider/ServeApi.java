package dev.plinto.polar.sandbox.provider;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;

/// A [ProviderApi] over HTTP, for any Vert.x server, with the injected [faults][ApiFault]. `root` is the path before
/// the API's prefix.
public final class ServeApi implements Handler<HttpServerRequest> {

    private static final Logger LOG = Logger.getLogger(ServeApi.class);

    private final Vertx vertx;
    private final ProviderApi api;
    private final Faults<ApiFault> faults;
    private final String root;

    public ServeApi(Vertx vertx, ProviderApi api, Faults<ApiFault> faults, String root) {
        this.vertx = vertx;
        this.api = api;
        this.faults = faults;
        this.root = root;
    }

    @Override
    public void handle(HttpServerRequest request) {
        RequestBody.of(request).onSuccess(read -> {
            if (read.isEmpty()) {
                send(request, api.bodyTooLarge(RequestBody.MOST_BYTES));
                return;
            }
            Buffer body = read.get();
            String below = request.path().substring(root.length());
            if (!below.startsWith(api.prefix() + "/")) {
                send(request, api.notFound());
                return;
            }
            Call call = call(request, below.substring(api.prefix().length()), body);
            faults.take(call.path()).ifPresentOrElse(
                    fault -> fail(request, call, fault), () -> answer(request, call, Ending.COMPLETE));
        });
    }

    private void fail(HttpServerRequest request, Call call, ApiFault fault) {
        switch (fault) {
            case ApiFault.Slow(Duration by) -> vertx.setTimer(
                    Math.max(1, by.toMillis()), timer -> answer(request, call, Ending.COMPLETE));
            case ApiFault.TooManyRequests(Duration retryAfter) -> request.response().setStatusCode(429)
                    .putHeader("retry-after", Long.toString(retryAfter.toSeconds())).end();
            case ApiFault.Unauthorized() -> send(request, api.unauthorized());
            case ApiFault.Broken(int status) -> request.response().setStatusCode(status)
                    .putHeader("content-type", "text/html").end("<html><body>Something went wrong.</body></html>");
            case ApiFault.Cut() -> answer(request, call, Ending.NO_BYTE);
            case ApiFault.CompletedLate(Duration after) -> {
                request.connection().close();
                vertx.setTimer(Math.max(1, after.toMillis()),
                        timer -> vertx.executeBlocking(() -> api.answer(call), false));
            }
            case ApiFault.CutInTheMiddle() -> answer(request, call, Ending.HALF);
        }
    }

    /// Not on the event loop, since the simulation may be locked.
    private void answer(HttpServerRequest request, Call call, Ending ending) {
        vertx.executeBlocking(() -> api.answer(call), false).onComplete(
                answer -> {
                    switch (ending) {
                        case COMPLETE -> send(request, answer);
                        case NO_BYTE -> request.connection().close();
                        case HALF -> sendHalf(request, answer);
                    }
                },
                failure -> {
                    LOG.error("A request to a simulated provider failed by a fault of its own", failure);
                    request.response().setStatusCode(500).putHeader("content-type", "text/plain")
                            .end("Internal Server Error");
                });
    }

    private void send(HttpServerRequest request, Answer answer) {
        HttpServerResponse response = begin(request, answer);
        if (answer.body() == null) {
            response.end();
        } else {
            response.end(answer.text());
        }
    }

    private void sendHalf(HttpServerRequest request, Answer answer) {
        String body = answer.text();
        begin(request, answer)
                .putHeader("content-length", Integer.toString(body.length() * 2))
                .write(body.substring(0, body.length() / 2))
                .onComplete(written -> request.connection().close());
    }

    private HttpServerResponse begin(HttpServerRequest request, Answer answer) {
        HttpServerResponse response = request.response().setStatusCode(answer.status());
        answer.headers().forEach(response::putHeader);
        if (answer.body() != null) {
            response.putHeader("content-type", answer.contentType());
        }
        String location = answer.headers().get("location");
        if (location != null) {
            String query = request.query() == null ? "" : "?" + request.query();
            response.putHeader("location", "http://" + request.authority() + root + api.prefix() + location + query);
        }
        return response;
    }

    private static Call call(HttpServerRequest request, String path, Buffer body) {
        Map<String, List<String>> query = new HashMap<>();
        request.params().names().forEach(name -> query.put(name, request.params().getAll(name)));
        Map<String, String> headers = new HashMap<>();
        request.headers().forEach(header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
        return new Call(request.method().name(), path, query, headers, body.getBytes());
    }

    private enum Ending { COMPLETE, HALF, NO_BYTE }
}
