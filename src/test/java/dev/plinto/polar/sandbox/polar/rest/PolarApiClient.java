package dev.plinto.polar.sandbox.polar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
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
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

/// A simulated Polar with one customer, its API, and an HTTP client for it.
abstract class PolarApiClient {

    static final String SECRET = "whsec_cHJvYmUtcHJvYmUtcHJvYmUtcHJvYmUtcHJvYmUtcHI=";
    static final ObjectMapper JSON = new ObjectMapper();

    final SimulatedClock clock = SimulatedClock.manual(Instant.parse("2026-11-03T08:00:00Z"));
    final SimulatedPolar polar = new SimulatedPolar(clock, new Random(11));
    final UUID customer = polar.customers().create("org-1");
    final PolarServer server = PolarServer.start(polar);

    private final HttpClient http = OwnThreads.httpClient();

    @AfterEach
    void stop() {
        server.close();
        http.close();
    }

    List<String> ids(String path) {
        List<String> ids = new ArrayList<>();
        json(get(path)).get("items").forEach(item -> ids.add(item.get("id").asText()));
        return ids;
    }

    static List<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The types of the events since the last call, oldest first.
    List<String> emitted() {
        return types(polar.takeEvents());
    }

    /// `data` of the newest event of this type since events were last taken.
    JsonNode lastData(String type) {
        return data(polar.takeEvents(), type);
    }

    static List<String> types(List<WebhookEvent> events) {
        return events.stream().map(WebhookEvent::type).toList();
    }

    /// The object in the last event of this type.
    static JsonNode data(List<WebhookEvent> events, String type) {
        byte[] body = events.stream().filter(event -> event.type().equals(type)).toList().getLast().body();
        try {
            return JSON.readTree(body).get("data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// By a business rule of Polar's; nothing was emitted.
    void assertRefused(HttpResponse<String> answer, int status, String error) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(names(json(answer))).containsExactly("error", "detail");
        assertThat(json(answer).get("error").asText()).isEqualTo(error);
        assertThat(json(answer).get("detail").isTextual()).isTrue();
        assertThat(polar.takeEvents()).isEmpty();
    }

    HttpResponse<String> redeliver(UUID event) {
        return send("POST", "/webhooks/events/" + event + "/redeliver", "");
    }

    HttpResponse<String> get(String path) {
        return send(request(path));
    }

    HttpResponse<String> send(String method, String path, String body) {
        return send(request(path).method(method, BodyPublishers.ofString(body)));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.apiUrl() + path))
                .header("authorization", "Bearer " + PolarServer.ACCESS_TOKEN);
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        return http.sendAsync(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString()).join();
    }
}
