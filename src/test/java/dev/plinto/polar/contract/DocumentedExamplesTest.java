package dev.plinto.polar.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.testing.ApiDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The examples in the documents match their schemas.
class DocumentedExamplesTest {

    private static final ApiDocument OPENAPI = ApiDocument.openapi();
    private static final ApiDocument ASYNCAPI = ApiDocument.asyncapi();

    /// All bodies of requests and answers.
    static List<String> bodies() {
        List<String> found = new ArrayList<>();
        collect("", OPENAPI.at(""), found);
        return found;
    }

    static Stream<String> messages() {
        return ASYNCAPI.at("/components/messages").properties().stream()
                .map(message -> "/components/messages/" + message.getKey());
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void body_hasExamples_thatMatchItsSchema(String media) {
        assertThat(OPENAPI.at(media + "/examples").properties()).isNotEmpty().allSatisfy(
                example -> assertThat(OPENAPI.faults(media + "/schema", example.getValue().get("value"))).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void problem_hasOneExamplePerType(String media) {
        JsonNode type = OPENAPI.at(media + "/schema/properties/type");
        Stream<JsonNode> types = type.has("enum") ? type.get("enum").valueStream() : Stream.of(type.path("const"));

        assertThat(types.filter(JsonNode::isTextual).map(JsonNode::textValue)).allSatisfy(urn -> assertThat(
                OPENAPI.at(media + "/examples").valueStream().map(example -> example.at("/value/type")))
                .extracting(JsonNode::textValue).containsOnlyOnce(urn));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void message_hasExamples_thatMatchItsSchemas(String message) {
        int examples = ASYNCAPI.at(message + "/examples").size();
        assertThat(examples).isPositive();
        assertThat(IntStream.range(0, examples).mapToObj(i -> ASYNCAPI.at(message + "/examples/" + i)))
                .allSatisfy(example -> {
                    assertThat(ASYNCAPI.faults(message + "/headers", example.get("headers"))).isEmpty();
                    assertThat(ASYNCAPI.faults(message + "/payload", example.get("payload"))).isEmpty();
                });
    }

    @ParameterizedTest
    @CsvSource({"consuming.md, account, EntitlementChange", "consuming.md, subscription_id, SubscriptionChange",
            "problems.md, type, Problem"})
    void exampleInTheDocs_matchesItsSchema(String file, String firstField, String schema) throws IOException {
        Matcher example = Pattern.compile("(?ms)^```json\n(\\{\n  \"" + firstField + "\".*?)^```")
                .matcher(Files.readString(Path.of("docs", file)));

        assertThat(example.find()).isTrue();
        assertThat(OPENAPI.faults("/components/schemas/" + schema, new ObjectMapper().readTree(example.group(1))))
                .isEmpty();
    }

    private static void collect(String pointer, JsonNode node, List<String> found) {
        if (pointer.matches(".*/content/[^/]+")) {
            found.add(pointer);
            return;
        }
        node.properties()
                .forEach(child -> collect(pointer + ApiDocument.step(child.getKey()), child.getValue(), found));
    }
}
