package dev.plinto.polar.ops;

import static dev.plinto.polar.testing.Operator.json;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.OpenApi;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Operators decide who sells.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class OperateRolloutTest extends AsOperator {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOTHING = "{\"fallback\":null,\"overrides\":{}}";

    private final String one = "rollout-1-" + UUID.randomUUID();
    private final String other = "rollout-2-" + UUID.randomUUID();

    @BeforeEach
    @AfterEach
    void forget() {
        database.execute("UPDATE rollout SET fallback = NULL");
        database.execute("DELETE FROM provider_overrides");
    }

    @Test
    void replacement_isOfEverything() throws IOException {
        assertThat(json(operator.get("rollout"))).isEqualTo(JSON.readTree(NOTHING));

        String both = "{\"fallback\":\"polar\",\"overrides\":{\"" + one + "\":\"conekta\",\"" + other
                + "\":\"polar\"}}";
        assertThat(json(operator.put("rollout", both))).isEqualTo(JSON.readTree(both));
        assertThat(json(operator.get("rollout"))).isEqualTo(JSON.readTree(both));

        String changed = "{\"fallback\":\"conekta\",\"overrides\":{\"" + other + "\":\"conekta\"}}";
        operator.put("rollout", changed);
        assertThat(json(operator.get("rollout"))).isEqualTo(JSON.readTree(changed));
    }

    @Test
    void eachValueThatChanges_isAudited_andNoOther() {
        operator.put("rollout", "{\"fallback\":\"polar\",\"overrides\":{\"" + one + "\":\"conekta\",\"" + other
                + "\":\"polar\"}}");
        operator.put("rollout", "{\"fallback\":\"polar\",\"overrides\":{\"" + one + "\":\"polar\",\"" + other
                + "\":\"polar\"}}");
        operator.put("rollout", "{\"fallback\":\"polar\",\"overrides\":{\"" + other + "\":\"polar\"}}");

        assertThat(changes(one)).containsExactly("null conekta done", "conekta polar done", "polar null done");
        assertThat(changes(other)).containsExactly("null polar done");
        JsonNode fallback = json(operator.get("audit?action=change_fallback&limit=1")).at("/items/0");
        assertThat(fallback.path("from").isNull()).isTrue();
        assertThat(fallback.path("to").textValue()).isEqualTo("polar");
        assertThat(fallback.path("organization").isNull()).isTrue();
        assertThat(fallback.path("actor").textValue()).isEqualTo("usr_ops");
    }

    @Test
    void override_countsFromThenOn() {
        operator.put("rollout", "{\"fallback\":null,\"overrides\":{\"" + one + "\":\"polar\"}}");

        assertThat(json(operator.get("../routing?organization_id=" + one + "&country=MX")).path("reason").textValue())
                .isEqualTo("override");
    }

    /// The other change has begun, and is committed once this one waits for it.
    @Test
    void changeThatComesBetween_isNotOverwritten() throws Exception {
        HttpResponse<String> answer;
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("UPDATE rollout SET fallback = 'conekta', version = version + 1");
            CompletableFuture<HttpResponse<String>> late = CompletableFuture.supplyAsync(() -> operator.put("rollout",
                    "{\"fallback\":null,\"overrides\":{\"" + one + "\":\"polar\"}}"));
            await().atMost(PATIENCE).until(() -> !database.rows("""
                    SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%UPDATE rollout%'
                    """).isEmpty());
            connection.commit();
            answer = late.join();
        }

        assertProblem(answer, 409, "rollout-changed");
        assertThat(new OpenApi().faults("PUT /api/v1/polar/ops/rollout", answer)).isEmpty();
        assertThat(json(operator.get("rollout")).toString())
                .isEqualTo("{\"fallback\":\"conekta\",\"overrides\":{}}");
        assertThat(changes(one)).containsExactly("null polar not done: Somebody else has just changed it");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                                     | fallback,overrides
            {"overrides":{}}                                       | fallback
            {"fallback":null}                                      | overrides
            {"fallback":"fungies","overrides":{}}                  | fallback
            {"fallback":1,"overrides":{}}                          | fallback
            {"fallback":null,"overrides":[]}                       | overrides
            {"fallback":null,"overrides":{"org-1":"fungies"}}      | overrides
            {"fallback":null,"overrides":{"org-1":null}}           | overrides
            {"fallback":null,"overrides":{"org-1":"Polar"}}        | overrides
            {"fallback":null,"overrides":{" ":"polar"}}            | overrides
            {"fallback":null,"overrides":{"":"polar"}}             | overrides
            {"fallback":null,"overrides":{"a\\u0000":"polar"}}     | overrides
            {"fallback":null,"overrides":{"customer:c":"polar"}}   | overrides
            {"fallback":null,"overrides":{},"percent":5}           | percent
            """)
    void faultyReplacement_isRefused_andNothingIsDone(String body, String fields) throws IOException {
        operator.put("rollout", "{\"fallback\":null,\"overrides\":{\"" + one + "\":\"polar\"}}");

        HttpResponse<String> answer = operator.put("rollout", body);

        assertProblem(answer, 422, "body-invalid", "errors");
        assertThat(String.join(",", json(answer).path("errors").findValuesAsText("field"))).isEqualTo(fields);
        assertThat(json(operator.get("rollout")).path("overrides").size()).isEqualTo(1);
    }

    @Test
    void replacement_isBounded() {
        assertProblem(operator.put("rollout", ofMany(1_001)), 422, "body-invalid", "errors");
        assertThat(json(operator.put("rollout", ofMany(1_000))).path("overrides").size()).isEqualTo(1_000);
        assertThat(json(operator.put("rollout", NOTHING)).path("overrides").size()).isZero();
        assertThat(changes("many-999-" + one)).containsExactly("null polar done", "polar null done");
    }

    private String ofMany(int organizations) {
        return IntStream.range(0, organizations).mapToObj(n -> "\"many-" + n + "-" + one + "\":\"polar\"")
                .collect(Collectors.joining(",", "{\"fallback\":null,\"overrides\":{", "}}"));
    }

    /// From, to and the result, oldest first.
    private List<String> changes(String organization) {
        return json(operator.get("audit?action=change_override&organization_id=" + organization)).path("items")
                .valueStream().map(entry -> entry.path("from").asText("null") + " " + entry.path("to").asText("null")
                        + " " + entry.path("result").textValue())
                .toList().reversed();
    }
}
