package dev.plinto.polar.contract;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.OpenApi;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.RawConnection;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every path says which methods it has, and no path that does not exist says anything.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class AllowedMethodsTest {

    private static final HttpClient HTTP = OwnThreads.httpClient();

    @TestHTTPResource("/")
    URI service;

    @Test
    void documentedPath_tellsItsMethods_andRefusesOthers() {
        documented().forEach((path, methods) -> {
            String example = path.replaceAll("\\{[^}]*}", "x%2Fy");
            HttpResponse<String> options = send("OPTIONS", example);
            assertThat(options.statusCode()).as(path).isEqualTo(204);
            assertThat(allow(options)).as(path).isEqualTo(methods);

            HttpResponse<String> refused = send(methods.contains("PUT") ? "PATCH" : "PUT", example);
            assertProblem(refused, 405, "http-405");
            assertThat(allow(refused)).as(path).isEqualTo(methods);
            assertThat(refused.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
        });
    }

    @ParameterizedTest
    @CsvSource({"/ops, 'GET, HEAD, OPTIONS'", "/ops/parked/replay, 'GET, HEAD, OPTIONS, POST'",
            "/ops/reconciliation/drift, 'OPTIONS, POST'"})
    void consolePage_tellsItsMethods(String path, String methods) {
        assertThat(send("OPTIONS", path).headers().firstValue("allow")).hasValue(methods);
        assertThat(send("PATCH", path).statusCode()).isEqualTo(405);
        assertThat(send("PATCH", path).headers().firstValue("allow")).hasValue(methods);
    }

    /// Quarkus answers these, also such as are not documented.
    @ParameterizedTest
    @ValueSource(strings = {"/q/health", "/q/health/", "/q/health/live", "/q/health/ready", "/q/health/started",
            "/q/health/well", "/q/health/group", "/q/metrics", "/q/metrics/", "/q/openapi", "/q/asyncapi"})
    void pathOfMonitoring_isReadOnly(String path) throws IOException {
        assertThat(send("GET", path).statusCode()).isIn(200, 503);
        for (String method : List.of("PUT", "POST", "PATCH", "DELETE", "PROPFIND")) {
            HttpResponse<String> refused = send(method, path);
            assertProblem(refused, 405, "http-405");
            assertThat(refused.headers().firstValue("allow")).hasValue("GET, HEAD, OPTIONS");
        }
        try (var connection = new RawConnection(service)) { // the client library has no TRACE
            connection.send("TRACE " + path + " HTTP/1.1\r\nhost: a\r\n\r\n");
            assertProblem(connection.answer(), 405, "http-405");
        }
        assertThat(send("OPTIONS", path).statusCode()).isEqualTo(204);
        assertThat(send("HEAD", path).statusCode()).isEqualTo(send("GET", path).statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/polar", "/api/v1/polar/nothing", "/api/v1/polar/entitlements/nothing", "/nothing",
            "/api/v1/polar/ops/events/x/y", "/ops/nothing", "/api"})
    void unknownPath_tellsNothing(String path) {
        for (String method : Set.of("OPTIONS", "GET", "DELETE")) {
            HttpResponse<String> answer = send(method, path, "origin", "https://evil.example",
                    "access-control-request-method", "POST");

            assertThat(answer.statusCode()).as(method).isEqualTo(404);
            assertThat(answer.headers().map().keySet())
                    .noneMatch(name -> name.equals("allow") || name.startsWith("access-control"));
        }
    }

    /// The methods of each path, with those that every path has.
    private static Map<String, Set<String>> documented() {
        List<String[]> operations = new OpenApi().operations().stream().map(operation -> operation.split(" ")).toList();
        Map<String, Set<String>> methods = new TreeMap<>();
        operations.forEach(path -> operations.stream()
                .filter(other -> path[1].matches(other[1].replaceAll("\\{[^}]*}", "[^/]+")))
                .forEach(other -> methods.computeIfAbsent(path[1], first -> new TreeSet<>(Set.of("OPTIONS")))
                        .addAll(other[0].equals("GET") ? Set.of("GET", "HEAD") : Set.of(other[0]))));
        assertThat(methods).hasSizeGreaterThan(15);
        return methods;
    }

    private static Set<String> allow(HttpResponse<String> answer) {
        return new TreeSet<>(Set.of(answer.headers().firstValue("allow").orElse("").split(", ")));
    }

    private HttpResponse<String> send(String method, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(path))
                .method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.sendAsync(request.build(), BodyHandlers.ofString()).join();
    }
}
