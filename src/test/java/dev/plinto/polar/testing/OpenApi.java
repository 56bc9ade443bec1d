package dev.plinto.polar.testing;

import static dev.plinto.polar.testing.ApiDocument.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The operations and answers of `api/openapi.yaml`.
public final class OpenApi {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PROBLEM = "application/problem+json";
    private static final String TYPE = "urn:plinto:polar:";

    private final ApiDocument document = ApiDocument.openapi();

    /// `GET /path` for each operation.
    public Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        document.at("/paths").properties().forEach(path -> path.getValue().fieldNames()
                .forEachRemaining(method -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return operations;
    }

    /// Whether the operation says that it needs something else than a token, or nothing.
    public boolean needsNoToken(String operation) {
        return document.at(pointer(operation)).has("security");
    }

    /// The query parameters of an operation, as they are documented.
    public List<JsonNode> queryParameters(String operation) {
        return document.at(pointer(operation) + "/parameters").valueStream()
                .map(parameter -> parameter.has("$ref")
                        ? document.at(parameter.get("$ref").textValue().substring(1))
                        : parameter)
                .filter(parameter -> parameter.path("in").asText().equals("query"))
                .toList();
    }

    /// `GET /path 200` for each answer; an error is followed by its problem's name.
    public Set<String> answers() {
        Set<String> answers = new TreeSet<>();
        for (String operation : operations()) {
            document.at(pointer(operation) + "/responses").fieldNames().forEachRemaining(status -> {
                String response = document.resolved(pointer(operation) + "/responses/" + status);
                List<String> problems = problems(response);
                problems.forEach(name -> answers.add(operation + " " + status + " " + name));
                if (problems.isEmpty()) {
                    answers.add(operation + " " + status);
                }
            });
        }
        return answers;
    }

    /// The name of a real answer in [#answers()].
    public String name(String operation, HttpResponse<String> answer) {
        String name = operation + " " + status(operation, answer.statusCode());
        return mediaType(answer).equals(PROBLEM)
                ? name + " " + nameOf(json(answer.body()).path("type").asText())
                : name;
    }

    /// How a real answer violates the document; empty if it is valid.
    public List<String> faults(String operation, HttpResponse<String> answer) {
        String response = document.resolved(
                pointer(operation) + "/responses/" + status(operation, answer.statusCode()));
        if (document.at(response).has("description") && !document.at(response).has("content")) {
            return answer.body().isEmpty() ? List.of() : List.of("a body is not documented");
        }
        String media = response + "/content" + step(mediaType(answer));
        if (document.at(media).isMissingNode()) {
            return List.of(answer.statusCode() + " " + mediaType(answer) + " is not documented");
        }
        List<String> faults = new ArrayList<>(document.faults(media + "/schema",
                mediaType(answer).endsWith("json") ? json(answer.body()) : TextNode.valueOf(answer.body())));
        document.at(response + "/headers").properties().stream()
                .filter(header -> header.getValue().path("required").asBoolean())
                .filter(header -> answer.headers().firstValue(header.getKey()).isEmpty())
                .forEach(header -> faults.add(header.getKey() + " is missing"));
        return faults;
    }

    /// The names that the response's schema allows for a problem's `type`; none if it is not a problem.
    private List<String> problems(String response) {
        JsonNode type = document.at(response + "/content" + step(PROBLEM) + "/schema/properties/type");
        return Stream.of(type.path("const"), type.path("pattern"), type.path("enum"))
                .flatMap(node -> node.isArray() ? node.valueStream() : Stream.of(node))
                .filter(JsonNode::isTextual)
                .map(node -> nameOf(node.textValue().replaceFirst("^\\^", "")))
                .toList();
    }

    private String status(String operation, int status) {
        return document.at(pointer(operation) + "/responses").has(Integer.toString(status))
                ? Integer.toString(status)
                : "default";
    }

    /// Without a status that the name contains.
    private static String nameOf(String type) {
        return type.replaceFirst(TYPE, "").replaceFirst("^http-.*", "http-");
    }

    private static String pointer(String operation) {
        String[] methodAndPath = operation.split(" ");
        return "/paths" + step(methodAndPath[1]) + "/" + methodAndPath[0].toLowerCase(Locale.ROOT);
    }

    private static String mediaType(HttpResponse<String> answer) {
        return answer.headers().firstValue("content-type").orElse("").replaceFirst(";.*", "");
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }
}
