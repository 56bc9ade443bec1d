package dev.plinto.polar.sandbox.provider;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;

/// A webhook endpoint that records deliveries and gives the configured answers.
public final class Receiver implements AutoCloseable {

    public final List<Received> received = new CopyOnWriteArrayList<>();
    public volatile Function<Received, Integer> answer = delivery -> 202;
    public volatile String body = "thanks";

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    public Receiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::receive);
        server.setExecutor(threads);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hooks";
    }

    public List<String> types() {
        return received.stream().map(Received::type).toList();
    }

    public static boolean within10Seconds(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void receive(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
        Received delivery = new Received(
                exchange.getRequestURI().getPath(), headers, exchange.getRequestBody().readAllBytes());
        received.add(delivery);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("location", url() + "/elsewhere");
        exchange.sendResponseHeaders(answer.apply(delivery), bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /// The names of the headers are in any case.
    public record Received(String path, Map<String, String> headers, byte[] body) {

        private static final Pattern TYPE = Pattern.compile("\"type\":\"([^\"]+)\"");

        public String header(String name) {
            return headers.get(name);
        }

        public String type() {
            return TYPE.matcher(text()).results().findFirst().orElseThrow().group(1);
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }
}
