package dev.plinto.polar.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/// A service's answer at `/q/health/…`; it must match `api/openapi.yaml`.
///
/// @param checks the status of each check: `UP` or `DOWN`
/// @param what the explanation of each check that has one
public record Health(int status, Map<String, String> checks, Map<String, String> what) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final OpenApi OPENAPI = new OpenApi();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /// @param kind `live`, `ready` or `started`
    public static Health of(URI service, String kind) {
        try {
            var request = HttpRequest.newBuilder(service.resolve("/q/health/" + kind))
                    .timeout(Duration.ofSeconds(10)).build();
            HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(OPENAPI.faults("GET /q/health/" + kind, answer)).isEmpty();
            Map<String, String> checks = new TreeMap<>();
            Map<String, String> what = new TreeMap<>();
            for (JsonNode check : JSON.readTree(answer.body()).get("checks")) {
                checks.put(check.get("name").asText(), check.get("status").asText());
                if (check.path("data").has("what")) {
                    what.put(check.get("name").asText(), check.get("data").get("what").asText());
                }
            }
            return new Health(answer.statusCode(), checks, what);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    public boolean isUp() {
        return status == 200;
    }
}
