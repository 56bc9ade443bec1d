package dev.plinto.polar.ops;

import static dev.plinto.polar.testing.Operator.json;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.MetricsDelta;
import dev.plinto.polar.testing.ParkedRows;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Operators discard parked events that are not to be applied. Each test has an event type of its own.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class DiscardParkedEventsTest extends AsOperator {

    private static final String WHY = "{\"reason\":\"sent by a test of ours\"}";
    private final ParkedRows parked = new ParkedRows();
    private final LogLines log = LogLines.of(DiscardParkedEvents.class);

    @AfterEach
    void tidyUp() {
        log.close();
        parked.forget();
    }

    @Test
    void discardedEvent_isNotParkedAnyMore_andIsAuditedWithItsReason() {
        String id = parked.park("failed");

        HttpResponse<String> answer = operator.post("parked/" + id + "/discard", WHY);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).toString()).isEqualTo("{\"discarded\":1}");
        assertProblem(operator.get("parked/" + id), 404, "not-parked");
        assertProblem(operator.post("parked/" + id + "/replay"), 404, "not-parked");
        assertThat(json(operator.get("events/" + id)).get("outcome").textValue()).isEqualTo("discarded");
        assertThat(json(operator.get("events/" + id)).at("/payload/type").textValue()).isEqualTo(parked.type());
        assertThat(json(operator.get("events?outcome=discarded&type=" + parked.type())).get("items")).hasSize(1);
        JsonNode audited = audited(id);
        assertThat(audited.get("actor").textValue()).isEqualTo("usr_ops");
        assertThat(audited.get("action").textValue()).isEqualTo("discard_parked");
        assertThat(audited.get("reason").textValue()).isEqualTo("sent by a test of ours");
        assertThat(audited.get("result").textValue()).isEqualTo("1 event");
        assertThat(audited.get("request_id").textValue())
                .isEqualTo(answer.headers().firstValue("X-Request-Id").orElseThrow());
        assertThat(log.lines()).containsExactly("INFO Operator usr_ops discarded 1 parked events (" + id + ")");
    }

    @Test
    void discardedEvent_thatIsDeliveredAgain_staysDiscarded() {
        String body = parked.body();
        String id = parked.park("failed", 0, body);
        operator.post("parked/" + id + "/discard", WHY);
        MetricsDelta metrics = MetricsDelta.whenIdle(service);

        deliver(id, body);
        metrics.awaitIncrease(1, "polar_events_projected_total", "outcome=duplicate");
        deliver(id, body.replace("data", "other"));
        metrics.awaitIncrease(1, "polar_webhook_conflicts_total");

        assertThat(database.column("SELECT outcome FROM inbox WHERE webhook_id = ?", id)).containsExactly("discarded");
        assertThat(database.rows("SELECT 1 FROM parked WHERE webhook_id = ?", id)).isEmpty();
        assertThat(json(operator.get("events/" + id)).get("conflicts")).hasSize(1);
    }

    @Test
    void eventWithoutTypeOrBody_isDiscarded() {
        String id = "no-event-" + UUID.randomUUID();
        database.execute(
                "INSERT INTO parked (webhook_id, reason, detail, received_at, origin, body, body_forgotten_at) "
                        + "VALUES (?, 'not_an_event', 'for a test', now(), 'webhook', '', now())",
                id);

        assertThat(operator.post("parked/" + id + "/discard", WHY).statusCode()).isEqualTo(200);

        assertThat(json(operator.get("events/" + id)).get("type").isNull()).isTrue();
        assertThat(database.rows("SELECT 1 FROM payloads WHERE webhook_id = ?", id)).isEmpty();
    }

    @Test
    void eventOfAnOnceUnknownType_isDiscarded() {
        String id = parked.park("malformed");
        database.execute("INSERT INTO inbox (webhook_id, type, outcome, received_at, origin) "
                + "VALUES (?, ?, 'unknown_type', now(), 'webhook')", id, parked.type());

        assertThat(operator.post("parked/" + id + "/discard", WHY).statusCode()).isEqualTo(200);

        assertThat(database.rows("SELECT outcome, statements IS NULL FROM inbox WHERE webhook_id = ?", id))
                .containsExactly(List.of("discarded", "f"));
    }

    @Test
    void discardOfATypeAndReason_discardsAllOfThem_andNoOthers() {
        parked.park("malformed");
        parked.park("malformed");
        String other = parked.park("failed");

        HttpResponse<String> answer = operator.post("parked/discard?reason=malformed&type=" + parked.type(), WHY);

        assertThat(json(answer).toString()).isEqualTo("{\"discarded\":2}");
        assertThat(parked.ids()).containsExactly(other);
        assertThat(audited("reason malformed, type " + parked.type()).get("result").textValue()).isEqualTo("2 events");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "no JSON", "[\"x\"]", "{\"reason\":\" \"}", "{\"reason\":null}",
            "{\"reason\":{}}", "{\"reason\":\"x\",\"all\":true}",
            "{\"reason\":\"\\u200b\\u2060 \\ufeff\"}"})
    void discardWithoutAReason_isRefused(String body) {
        String id = parked.park("failed");

        assertProblem(operator.post("parked/" + id + "/discard", body), 400, "parameter-missing");
        assertProblem(operator.post("parked/discard?type=" + parked.type(), body), 400, "parameter-missing");

        assertThat(parked.ids()).containsExactly(id);
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void reasonThatIsTooLong_orHasControlCharacters_isRefused() {
        String id = parked.park("failed");

        assertProblem(operator.post("parked/" + id + "/discard", "{\"reason\":\"" + "x".repeat(501) + "\"}"), 400,
                "parameter-invalid");
        assertProblem(operator.post("parked/" + id + "/discard", "{\"reason\":\"a\\u0000b\"}"), 400,
                "parameter-invalid");
    }

    @Test
    void halfOfACharacter_isKeptAsWhatStandsForIt() {
        String id = parked.park("failed");

        operator.post("parked/" + id + "/discard", "{\"reason\":\"a\\ud83d b\"}");

        assertThat(audited(id).get("reason").textValue()).isEqualTo("a\uFFFD b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?type=", "?reason=", "?all=true", "?type=%00"})
    void discardWithoutASelection_isRefused(String query) {
        assertThat(operator.post("parked/discard" + query, WHY).statusCode()).isEqualTo(400);
        assertThat(log.lines()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "%00"})
    void eventThatIsNotParked_isNotFound(String id) {
        assertProblem(operator.post("parked/" + id + "/discard", WHY), 404, "not-parked");
    }

    private JsonNode audited(String target) {
        return json(
                operator.get("audit?action=discard_parked&target=" + URLEncoder.encode(target, StandardCharsets.UTF_8)))
                .at("/items/0");
    }
}
