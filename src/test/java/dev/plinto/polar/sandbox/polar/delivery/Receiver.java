package dev.plinto.polar.sandbox.polar.delivery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// A webhook endpoint that records deliveries and gives the configured answers.
final class Receiver implements AutoCloseable {

    final List<Received> received = new CopyOnWriteArrayList<>();
    volatile Function<Received, Integer> answer = delivery -> 202;
    volatile String body = "thanks";

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    Receiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::receive);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hooks";
    }

    List<String> types() {
        return received.stream().map(Received::type).toList();
    }

    static boolean within10Seconds(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void receive(HttpExchange exchange) throws IOException {
        Received delivery = new Received(
                exchange.getRequestURI().getPath(),
                exchange.getRequestHeaders().getFirst("webhook-id"),
                exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                exchange.getRequestHeaders().getFirst("webhook-signature"),
                exchange.getRequestHeaders().getFirst("webhook-api-version"),
                exchange.getRequestBody().readAllBytes());
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

    record Received(
            String path, String webhookId, String timestamp, String signature, String apiVersion, byte[] body) {

        String type() {
            String text = new String(body, StandardCharsets.UTF_8);
            return text.replaceFirst("^\\{\"type\":\"", "").replaceFirst("(?s)\".*", "");
        }
    }
}
