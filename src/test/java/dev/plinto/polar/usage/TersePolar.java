package dev.plinto.polar.usage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// An HTTP server in Polar's place that refuses a batch with a certain event, and does not say which it is.
final class TersePolar implements AutoCloseable {

    private final HttpServer server;
    private final String refused;
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final Queue<Answer> first = new ConcurrentLinkedQueue<>();

    private record Answer(int status, String retryAfter, String body) {}

    /// @param refused null for none
    TersePolar(UUID refused) throws IOException {
        this.refused = String.valueOf(refused);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/events/ingest", this::answer);
        server.start();
    }

    /// What it answers before all else.
    void answers(int status, String retryAfter, String body) {
        first.add(new Answer(status, retryAfter, body));
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    /// The ids of all events that it took.
    List<String> taken() {
        return taken;
    }

    int requests() {
        return requests.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        List<String> ids = new ObjectMapper().readTree(exchange.getRequestBody()).path("events").valueStream()
                .map((JsonNode event) -> event.path("external_id").asText()).toList();
        Answer answer = first.isEmpty() ? answer(ids) : first.remove();
        byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("X-Polar-Sandbox", "1");
        exchange.getResponseHeaders().set("Retry-After", answer.retryAfter);
        exchange.sendResponseHeaders(answer.status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Answer answer(List<String> ids) {
        if (ids.contains(refused)) {
            return new Answer(422, "0", "{}");
        }
        taken.addAll(ids);
        return new Answer(200, "0", "{\"inserted\":" + ids.size() + ",\"duplicates\":0}");
    }
}
