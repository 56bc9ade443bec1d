package dev.plinto.polar.ops;

import static dev.plinto.polar.testing.Operator.json;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.MetricsDelta;
import dev.plinto.polar.testing.Operator;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedDelivery;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Operators discard parked events that are not to be applied. Each test has an event type of its own.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class DiscardParkedEventsTest {

    private static final String WHY = "{\"reason\":\"sent by a test of ours\"}";

    private final Database database = Database.ofSandbox();
    private final String type = "test." + UUID.randomUUID();
    private final LogLines log = LogLines.of(DiscardParkedEvents.class);

    @TestHTTPResource("/")
    URI service;

    private Operator operator;

    @BeforeEach
    void signIn() {
        operator = new Operator(service, "usr_ops");
    }

    @AfterEach
    void tidyUp() {
        log.close();
        database.execute("DELETE FROM parked WHERE type = ?", type);
    }

    @Test
    void discardedEvent_isNotParkedAnyMore_andIsAuditedWithItsReason() {
        String id = park("failed", body());

        HttpResponse<String> answer = operator.post("parked/" + id + "/discard", WHY);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).toString()).isEqualTo("{\"discarded\":1}");
        assertProblem(operator.get("parked/" + id), 404, "not-parked");
        assertProblem(operator.post("parked/" + id + "/replay"), 404, "not-parked");
        assertThat(json(operator.get("events/" + id)).get("outcome").textValue()).isEqualTo("discarded");
        assertThat(json(operator.get("events/" + id)).at("/payload/type").textValue()).isEqualTo(type);
        assertThat(json(operator.get("events?outcome=discarded&type=" + type)).get("items")).hasSize(1);
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
        String id = park("failed", body());
        operator.post("parked/" + id + "/discard", WHY);
        MetricsDelta metrics = MetricsDelta.whenIdle(service);

        deliver(id, body());
        metrics.awaitIncrease(1, "polar_events_projected_total", "outcome=duplicate");
        deliver(id, body().replace("data", "other"));
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
        String id = park("malformed", body());
        database.execute("INSERT INTO inbox (webhook_id, type, outcome, received_at, origin) "
                + "VALUES (?, ?, 'unknown_type', now(), 'webhook')", id, type);

        assertThat(operator.post("parked/" + id + "/discard", WHY).statusCode()).isEqualTo(200);

        assertThat(database.column("SELECT outcome FROM inbox WHERE webhook_id = ?", id)).containsExactly("discarded");
    }

    @Test
    void discardOfATypeAndReason_discardsAllOfThem_andNoOthers() {
        park("malformed", body());
        park("malformed", body());
        String other = park("failed", body());

        HttpResponse<String> answer = operator.post("parked/discard?reason=malformed&type=" + type, WHY);

        assertThat(json(answer).toString()).isEqualTo("{\"discarded\":2}");
        assertThat(database.column("SELECT webhook_id FROM parked WHERE type = ?", type)).containsExactly(other);
        assertThat(audited("reason malformed, type " + type).get("result").textValue()).isEqualTo("2 events");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "no JSON", "[\"x\"]", "{\"reason\":\" \"}", "{\"reason\":null}",
            "{\"reason\":{}}", "{\"reason\":\"x\",\"all\":true}"})
    void discardWithoutAReason_isRefused(String body) {
        String id = park("failed", body());

        assertProblem(operator.post("parked/" + id + "/discard", body), 400, "parameter-missing");
        assertProblem(operator.post("parked/discard?type=" + type, body), 400, "parameter-missing");

        assertThat(database.column("SELECT webhook_id FROM parked WHERE type = ?", type)).containsExactly(id);
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void reasonThatIsTooLong_orHasControlCharacters_isRefused() {
        String id = park("failed", body());

        assertProblem(operator.post("parked/" + id + "/discard", "{\"reason\":\"" + "x".repeat(501) + "\"}"), 400,
                "parameter-invalid");
        assertProblem(operator.post("parked/" + id + "/discard", "{\"reason\":\"a\\u0000b\"}"), 400,
                "parameter-invalid");
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

    private String park(String reason, String body) {
        String id = UUID.randomUUID().toString();
        database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) VALUES "
                + "(?, ?, ?, 'for a test', now(), 'webhook', convert_to(?, 'UTF8'))", id, type, reason, body);
        return id;
    }

    private String body() {
        return "{\"type\":\"" + type + "\",\"data\":{}}";
    }

    private JsonNode audited(String target) {
        return json(
                operator.get("audit?action=discard_parked&target=" + URLEncoder.encode(target, StandardCharsets.UTF_8)))
                .at("/items/0");
    }

    private void deliver(String webhookId, String body) {
        assertThat(SignedDelivery.of(webhookId, body.getBytes(StandardCharsets.UTF_8), Instant.now())
                .send(service.resolve("/api/v1/polar/webhooks")).statusCode()).isEqualTo(202);
    }
}
