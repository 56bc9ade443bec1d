package dev.plinto.polar.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Checks that an error answer is a problem document (RFC 9457), and contains no private data.
public final class ProblemDocument {

    private static final ObjectMapper JSON = new ObjectMapper();

    /// Stands for private content of a body or a token.
    public static final String PRIVATE = "private-8c1f";

    /// @param members further ones, which the type documents
    public static void assertProblem(HttpResponse<String> response, int status, String name, String... members) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).hasValueSatisfying(ProblemDocument::assertMediaType);
        assertDocument(response.body(), status, name, members);
    }

    /// The same for a raw HTTP answer.
    public static void assertProblem(String answer, int status, String name) {
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        assertThat(answer.lines().filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-type:")))
                .singleElement().satisfies(line -> assertMediaType(line.substring("content-type:".length()).strip()));
        assertDocument(answer.substring(answer.indexOf("\r\n\r\n") + 4), status, name);
    }

    private static void assertMediaType(String type) {
        assertThat(type).startsWith("application/problem+json");
    }

    private static void assertDocument(String body, int status, String name, String... members) {
        JsonNode problem;
        try {
            problem = JSON.readTree(body);
        } catch (JsonProcessingException notJson) {
            throw new AssertionError("no problem document: " + body, notJson);
        }
        assertThat(problem.properties()).extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrderElementsOf(Stream.concat(Stream.of("type", "title", "status", "detail"),
                        Stream.of(members)).toList());
        assertThat(problem.get("type").asText()).isEqualTo("urn:plinto:polar:" + name);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("title").asText()).isNotBlank();
        assertThat(body).doesNotContain(
                PRIVATE, "whsec_", "c2FuZGJveC", "Exception", "\\tat ", "dev.plinto", "io.quarkus");
    }

    private ProblemDocument() {}
}
