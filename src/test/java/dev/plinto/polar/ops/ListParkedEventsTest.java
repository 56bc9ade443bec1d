package dev.plinto.polar.ops;

import static dev.plinto.polar.testing.Operator.json;
import static dev.plinto.polar.testing.ProblemDocument.PRIVATE;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.ParkedRows;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Operators list parked events, and read one. Personal data is masked.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ListParkedEventsTest extends AsOperator {

    private final ParkedRows parked = new ParkedRows();

    @AfterEach
    void tidyUp() {
        parked.forget();
    }

    @Test
    void list_isOldestFirst_alsoWhileEventsAreRemoved() {
        List<String> ids = IntStream.range(0, 7) // two of each hour
                .mapToObj(i -> parked.park("malformed", 100 - i / 2, "{}")).toList();

        List<String> listed = new ArrayList<>();
        String next = "";
        while (next != null) {
            JsonNode page = json(operator.get("parked?type=" + parked.type() + "&limit=3" + next));
            page.get("items").forEach(item -> listed.add(item.get("webhook_id").textValue()));
            database.execute("DELETE FROM parked WHERE webhook_id = ?", listed.getLast()); // replayed meanwhile
            next = page.get("next").isNull() ? null : "&after=" + page.get("next").textValue();
        }

        assertThat(listed).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(listed.subList(0, 2)).containsExactlyInAnyOrderElementsOf(ids.subList(0, 2));
        assertThat(listed.getLast()).isEqualTo(ids.getLast());
    }

    @Test
    void list_filtersByReason_andHasTheDetailsOfEach() {
        String failed = parked.park("failed", 1, "{\"type\":\"a\"}");
        parked.park("malformed", 2, "{}");

        JsonNode items = json(operator.get("parked?reason=failed&type=" + parked.type())).get("items");

        assertThat(items).hasSize(1);
        JsonNode event = items.get(0);
        assertThat(event.get("webhook_id").textValue()).isEqualTo(failed);
        assertThat(event.get("type").textValue()).isEqualTo(parked.type());
        assertThat(event.get("detail").textValue()).isEqualTo("for a test");
        assertThat(event.get("attempts").intValue()).isEqualTo(1);
        assertThat(event.get("origin").textValue()).isEqualTo("webhook");
        assertThat(event.get("body_bytes").intValue()).isEqualTo("{\"type\":\"a\"}".length());
        assertThat(event.get("received_at").textValue()).endsWith("Z").hasSize(27)
                .isLessThan(event.get("first_failed_at").textValue());
        assertThat(event.has("payload")).isFalse();
    }

    @Test
    void details_showThePayload_withoutPersonalData() {
        String body = """
                {"type":"order.paid","data":{"id":"ord-1","total_amount":"many","customer":{"email":"%s@example.com"}}}
                """.formatted(PRIVATE);
        String id = deliver(body);
        parked.awaitAttempts(id, 1);

        HttpResponse<String> answer = operator.get("parked/" + id);

        assertThat(answer.body()).doesNotContain(PRIVATE);
        assertThat(json(answer).get("reason").textValue()).isEqualTo("malformed");
        assertThat(json(answer).get("payload").toString()).isEqualTo("""
                {"type":"order.paid","data":{"id":"ord-1","total_amount":"(masked text)",\
                "customer":{"email":"(masked text)"}}}""");
    }

    @Test
    void detailsOfABodyThatIsNotJson_areSizeAndHash() {
        String id = deliver(PRIVATE);
        parked.awaitAttempts(id, 1);

        HttpResponse<String> answer = operator.get("parked/" + id);

        assertThat(answer.body()).doesNotContain(PRIVATE);
        assertThat(json(answer).get("payload").isNull()).isTrue();
        assertThat(json(answer).get("body_bytes").intValue()).isEqualTo(PRIVATE.length());
        assertThat(json(answer).get("body_sha256").textValue()) // printf %s private-8c1f | sha256sum
                .isEqualTo("c559bfd811b77bd4617d15424dd5d42b8273cc2ceaa652e8039a79058ce65745");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?limit=0", "?limit=501", "?limit=all", "?after=x", "?after=AAAA",
            "?reason=", "?reason=bad", "?reason=FAILED", "?type=", "?type=%20", "?type=%00", "?type=%E2%82%AC"})
    void invalidParameter_isRefused(String query) {
        assertProblem(operator.get("parked" + query), 400, "parameter-invalid");
    }
}
