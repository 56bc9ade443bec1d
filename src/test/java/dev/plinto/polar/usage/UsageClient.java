package dev.plinto.polar.usage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.OpenApi;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PlintoTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// A producer of usage, over real HTTP. Every answer is compared with `api/openapi.yaml`.
final class UsageClient {

    static final String OPERATION = "POST /api/v1/polar/usage";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final OpenApi OPENAPI = new OpenApi();
    /// By the names of [OpenApi#answers()].
    static final Set<String> ANSWERED = ConcurrentHashMap.newKeySet();

    final Database database = Database.ofSandbox();
    final PlintoTokens tokens;
    final String organization = "usage-" + UUID.randomUUID();
    private final URI service;

    UsageClient(URI service) {
        this.service = service;
        tokens = new PlintoTokens(service);
    }

    /// A service of this organization.
    String service() {
        return "Bearer " + tokens.service("billing:usage", "org_id", organization);
    }

    /// A service that may act for any organization, and whose token names none.
    String anyService() {
        return "Bearer " + tokens.service("billing:usage");
    }

    String member() {
        return "Bearer " + tokens.of("org_id", organization, "org_role", "member");
    }

    CompletableFuture<HttpResponse<String>> sending(String body, String authorization) {
        return request("", body, "authorization", authorization);
    }

    HttpResponse<String> send(String body, String authorization) {
        return sending(body, authorization).join();
    }

    CompletableFuture<HttpResponse<String>> request(String query, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve("/api/v1/polar/usage" + query))
                .POST(BodyPublishers.ofString(body)).header("content-type", "application/json");
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.sendAsync(request.build(), BodyHandlers.ofString()).thenApply(answer -> documented("POST", answer));
    }

    HttpResponse<String> read(String query, String authorization) {
        HttpRequest request = HttpRequest.newBuilder(service.resolve("/api/v1/polar/usage" + query))
                .header("authorization", authorization).build();
        return HTTP.sendAsync(request, BodyHandlers.ofString()).thenApply(answer -> documented("GET", answer)).join();
    }

    private static HttpResponse<String> documented(String method, HttpResponse<String> answer) {
        String operation = method + OPERATION.substring(OPERATION.indexOf(' '));
        assertThat(OPENAPI.faults(operation, answer)).as(answer + " " + answer.body()).isEmpty();
        ANSWERED.add(OPENAPI.name(operation, answer));
        return answer;
    }

    static Stream<String> documentedAnswers() {
        return OPENAPI.answers().stream().filter(answer -> answer.startsWith(OPERATION + " "));
    }

    /// Of an answer 202.
    static JsonNode taken(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return json(answer);
    }

    static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }

    /// `accepted`, `duplicates`.
    static List<Integer> counts(HttpResponse<String> answer) {
        JsonNode receipt = taken(answer);
        return List.of(receipt.path("accepted").asInt(), receipt.path("duplicates").asInt());
    }

    /// The keys of the events that wait to be sent.
    List<String> keys() {
        return database.column("SELECT key FROM usage_events WHERE organization = ? ORDER BY key", organization);
    }

    long taken() {
        return database.number("SELECT count(*) FROM usage_keys WHERE organization = ?", organization);
    }
}
