package dev.plinto.polar.contract;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.ConsoleClient;
import dev.plinto.polar.testing.OpenApi;
import dev.plinto.polar.testing.Operator;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedDelivery;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A query says what the sender means, or the call is refused: an unknown parameter is a typo, one without a value is
/// an unset variable in a script, and of two values nobody knows which is meant.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class QueryParametersTest {

    private static final HttpClient HTTP = OwnThreads.httpClient();

    @TestHTTPResource("/")
    URI service;

    /// @param parameters as documented
    record Call(String operation, List<JsonNode> parameters) {

        private List<String> names() {
            return parameters.stream().map(Call::name).toList();
        }

        private static String name(JsonNode parameter) {
            return parameter.get("name").textValue();
        }

        /// What the call requires, then `last`.
        private String query(String last) {
            return parameters.stream().filter(parameter -> parameter.path("required").asBoolean())
                    .filter(parameter -> !last.startsWith(name(parameter) + "="))
                    .map(parameter -> name(parameter) + "=" + parameter.path("example").asText("org-1") + "&")
                    .collect(Collectors.joining("", "?", last));
        }

        @Override
        public String toString() {
            return operation;
        }
    }

    /// Deliveries have no parameters, and are not refused for one.
    static Stream<Call> calls() {
        OpenApi document = new OpenApi();
        List<Call> calls = document.operations().stream()
                .filter(operation -> operation.contains(" /api/") && !operation.endsWith("/webhooks"))
                .map(operation -> new Call(operation, document.queryParameters(operation))).toList();
        assertThat(calls).hasSizeGreaterThan(20);
        assertThat(calls.stream().flatMap(call -> call.parameters.stream())).hasSizeGreaterThan(20);
        return calls.stream();
    }

    @ParameterizedTest
    @MethodSource("calls")
    void unknownParameter_isRefusedByItsName_withTheKnownOnes(Call call) throws Exception {
        HttpResponse<String> answer = send(call, call.query("organisation_id=org-1"));

        assertProblem(answer, 400, "parameter-invalid");
        JsonNode problem = Operator.json(answer);
        assertThat(problem.get("title").asText()).isEqualTo("The query parameter organisation_id is unknown");
        String known = problem.get("detail").asText().replaceFirst("Nothing was done. The parameters of this call: ",
                "");
        assertThat(Arrays.asList(known.replaceFirst("\\.$", "").split(", ")))
                .containsExactlyInAnyOrderElementsOf(call.names().isEmpty() ? List.of("none") : call.names());
    }

    @ParameterizedTest
    @MethodSource("calls")
    void parameterWithTwoValues_isRefusedByItsName(Call call) throws Exception {
        for (String name : call.names()) {
            HttpResponse<String> answer = send(call, call.query(name + "=1&" + name + "=1"));

            assertProblem(answer, 400, "parameter-invalid");
            assertThat(Operator.json(answer).get("title").asText())
                    .isEqualTo("The query parameter " + name + " is there more than once");
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void parameterWithoutValue_isRefusedByItsName(Call call) {
        for (String name : call.names()) {
            for (String empty : List.of("", "%20")) {
                HttpResponse<String> answer = send(call, call.query(name + "=" + empty));

                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
                assertThat(answer.body()).contains("urn:plinto:polar:parameter-").contains(name);
            }
        }
    }

    static Stream<Call> callsThatNeedAToken() {
        return calls().filter(call -> !new OpenApi().needsNoToken(call.operation));
    }

    @ParameterizedTest
    @MethodSource("callsThatNeedAToken")
    void callerWithoutAToken_learnsNoParameters(Call call) {
        assertProblem(send(call.operation, "?organisation_id=org-1"), 401, "token-not-accepted");
    }

    /// It may be a secret in the wrong place.
    @ParameterizedTest
    @ValueSource(strings = {"whsec_MfKQ9r8G", "a%20b", "eyJhbGciOiJSUzI1NiJ9.e30", "%00",
            "averylongwordwithoutanyseparator"})
    void unknownParameterThatLooksLikeNoName_isNotRepeated(String parameter) {
        Call call = calls().findFirst().orElseThrow();

        HttpResponse<String> answer = send(call, call.query(parameter + "=1"));

        assertProblem(answer, 400, "parameter-invalid");
        assertThat(answer.body()).contains("\"A query parameter is unknown\"");
    }

    @Test
    void delivery_isTaken_whateverQueryItsAddressHas() {
        assertThat(SignedDelivery.of("{\"type\":\"wallet.topped_up\"}")
                .send(service.resolve("/api/v1/polar/webhooks?from=polar&from=polar&to")).statusCode()).isEqualTo(202);
    }

    @Test
    void linkToTheConsole_works_withParametersOfAnotherRelease() {
        assertThat(new ConsoleClient(service).follow("/ops/events?sorted_by=time&type=order.paid").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /sandbox/polar/trigger/purchase",
            "POST /sandbox/polar/faults/deliveries/drop"})
    void callOfTheSandbox_refusesUnknownParameters(String operation) {
        assertProblem(send(operation, "?organisation_id=org-1"), 400, "parameter-invalid");
    }

    private HttpResponse<String> send(Call call, String query) {
        PlintoTokens tokens = new PlintoTokens(service);
        return send(call.operation, query, "authorization", "Bearer " + (call.operation.contains("/ops/")
                ? tokens.of("roles", List.of("ops"), "sub", "usr_operator")
                : tokens.service("billing:read billing:write billing:usage")));
    }

    private HttpResponse<String> send(String operation, String query, String... headers) {
        String[] methodAndPath = operation.replaceAll("\\{[^}]*}", "x").split(" ");
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(methodAndPath[1] + query))
                .method(methodAndPath[0], BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.sendAsync(request.build(), BodyHandlers.ofString()).join();
    }
}
