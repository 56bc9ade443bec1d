package dev.plinto.polar.sandbox.conekta.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.sandbox.conekta.SimulatedConekta;
import dev.plinto.polar.sandbox.provider.SimulatedClock;
import dev.plinto.polar.testing.OwnThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;

/// A simulated Conekta, its API, and an HTTP client for it.
abstract class ConektaApiClient {

    static final Instant START = Instant.parse("2026-11-03T08:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    final SimulatedClock clock = SimulatedClock.manual(START);
    final SimulatedConekta conekta = new SimulatedConekta(clock, new Random(11));
    final ConektaServer server = ConektaServer.start(conekta);

    private final HttpClient http = OwnThreads.httpClient();

    @AfterEach
    void stop() {
        server.close();
        http.close();
    }

    /// Answered with this status.
    JsonNode get(int status, String path) {
        return read(status, send(request(path)));
    }

    JsonNode post(int status, String path, String body) {
        return send(status, "POST", path, body);
    }

    JsonNode send(int status, String method, String path, String body) {
        return read(status, send(request(path).method(method, BodyPublishers.ofString(body.replace('\'', '"')))
                .header("content-type", "application/json")));
    }

    /// As Conekta's clients send what has no body.
    JsonNode post(int status, String path) {
        return read(status, send(request(path).POST(BodyPublishers.noBody())
                .header("content-type", "application/x-www-form-urlencoded")));
    }

    String customer() {
        return post(200, "/customers", """
                {"name": "Ana", "email": "ana@example.mx", "phone": "+5215555555555", "custom_reference": "org-1",
                 "payment_sources": [{"type": "card", "token_id": "tok_test_visa_4242"}]}""").path("id").asText();
    }

    String plan() {
        return post(200, "/plans", """
                {"id": "pro", "name": "Pro", "amount": 138000, "currency": "MXN", "interval": "month",
                 "frequency": 1}""").path("id").asText();
    }

    JsonNode order(String customer, String checkout) {
        return post(200, "/orders", """
                {"currency": "MXN", "customer_info": {"customer_id": "%s"}, "metadata": {"organization_id": "org-1"},
                 "line_items": [{"name": "Pro", "unit_price": 138000, "quantity": 1}],
                 "checkout": {"type": "HostedPayment", %s}}""".formatted(customer, checkout));
    }

    static List<String> ids(JsonNode list) {
        List<String> ids = new ArrayList<>();
        list.path("data").forEach(item -> ids.add(item.path("id").asText()));
        return ids;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(path.startsWith("http") ? URI.create(path) : URI.create(server.apiUrl() + path))
                .header("accept", "application/vnd.conekta-v2.3.0+json")
                .header("authorization", "Bearer " + ConektaServer.PRIVATE_KEY);
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        return http.sendAsync(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString()).join();
    }

    static JsonNode read(int status, HttpResponse<String> answer) {
        try {
            if (answer.statusCode() != status) {
                throw new AssertionError(answer.statusCode() + " instead of " + status + ": " + answer.body());
            }
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
