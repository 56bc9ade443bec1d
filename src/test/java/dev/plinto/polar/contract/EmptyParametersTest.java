package dev.plinto.polar.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.ApiDocument;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A query parameter without a value, such as an unset variable in a script sends, never means "everything".
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class EmptyParametersTest {

    private static final HttpClient HTTP = OwnThreads.httpClient();

    @TestHTTPResource("/")
    URI service;

    record Parameter(String method, String path, String name, String others) {}

    @ParameterizedTest
    @MethodSource("parameters")
    void parameterWithoutValue_isRefusedByItsName(Parameter parameter) {
        for (String empty : List.of("", "%20")) {
            HttpResponse<String> answer = HTTP.sendAsync(HttpRequest.newBuilder(service.resolve(parameter.path + "?"
                    + parameter.others + parameter.name + "=" + empty))
                    .header("authorization", "Bearer " + token(parameter))
                    .method(parameter.method, BodyPublishers.noBody()).build(), BodyHandlers.ofString()).join();

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            assertThat(answer.body()).contains("urn:plinto:polar:parameter-").contains(parameter.name);
        }
    }

    /// Every query parameter of the document, beside those that its call requires.
    static Stream<Parameter> parameters() {
        List<Parameter> found = new ArrayList<>();
        ApiDocument.openapi().at("/paths").properties().forEach(path -> path.getValue().properties()
                .forEach(call -> queries(call.getValue()).forEach(parameter -> found.add(new Parameter(
                        call.getKey().toUpperCase(Locale.ROOT), path.getKey().replaceAll("\\{[^}]*}", "x"),
                        parameter.get("name").textValue(), queries(call.getValue())
                                .filter(other -> !other.equals(parameter) && other.path("required").asBoolean())
                                .map(other -> other.get("name").textValue() + "=" + example(other) + "&")
                                .collect(Collectors.joining()))))));
        assertThat(found).hasSizeGreaterThan(20);
        return found.stream();
    }

    private static Stream<JsonNode> queries(JsonNode call) {
        ApiDocument document = ApiDocument.openapi();
        return call.path("parameters").valueStream()
                .map(parameter -> parameter.has("$ref")
                        ? document.at(parameter.get("$ref").textValue().substring(1))
                        : parameter)
                .filter(parameter -> parameter.path("in").asText().equals("query"));
    }

    private static String example(JsonNode parameter) {
        return parameter.path("example").asText("org-1");
    }

    private String token(Parameter parameter) {
        PlintoTokens tokens = new PlintoTokens(service);
        return parameter.path.contains("/ops/")
                ? tokens.of("roles", List.of("ops"), "sub", "usr_operator")
                : tokens.service("billing:read");
    }
}
