package dev.plinto.polar.ops;

import static dev.plinto.polar.testing.Operator.encoded;
import static dev.plinto.polar.testing.Operator.json;
import static dev.plinto.polar.testing.ProblemDocument.PRIVATE;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.ingress.RawTopic;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.LoweredLimit;
import dev.plinto.polar.testing.OpenApi;
import dev.plinto.polar.testing.Operator;
import dev.plinto.polar.testing.ReceivedTopic;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.SuspendedBroker;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Operators list and replay parked events. Other tests park events too, so each test has a type of its own.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class OperateParkedEventsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Database database = Database.ofSandbox();
    private final String type = "test." + UUID.randomUUID();
    private final LogLines log = LogLines.of(ParkedEvents.class);

    @TestHTTPResource("/")
    URI service;

    @Inject
    RawTopic rawTopic;

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
    void list_isOldestFirst_alsoWhileEventsAreRemoved() {
        List<String> ids = IntStream.range(0, 7) // two of each hour
                .mapToObj(i -> park("malformed", 100 - i / 2, "{}")).toList();

        List<String> listed = new ArrayList<>();
        String next = "";
        while (next != null) {
            JsonNode page = json(operator.get("parked?type=" + type + "&limit=3" + next));
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
        String failed = park("failed", 1, "{\"type\":\"a\"}");
        park("malformed", 2, "{}");

        JsonNode items = json(operator.get("parked?reason=failed&type=" + type)).get("items");

        assertThat(items).hasSize(1);
        JsonNode event = items.get(0);
        assertThat(event.get("webhook_id").textValue()).isEqualTo(failed);
        assertThat(event.get("type").textValue()).isEqualTo(type);
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
        awaitParked(id);

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
        awaitParked(id);

        HttpResponse<String> answer = operator.get("parked/" + id);

        assertThat(answer.body()).doesNotContain(PRIVATE);
        assertThat(json(answer).get("payload").isNull()).isTrue();
        assertThat(json(answer).get("body_bytes").intValue()).isEqualTo(PRIVATE.length());
        assertThat(json(answer).get("body_sha256").textValue()) // printf %s private-8c1f | sha256sum
                .isEqualTo("c559bfd811b77bd4617d15424dd5d42b8273cc2ceaa652e8039a79058ce65745");
    }

    @Test
    void replay_countsAnAttemptIfItFails_andUnparksIfItSucceeds() {
        String subscription = "sub-" + UUID.randomUUID();
        database.execute("ALTER TABLE subscriptions ADD CONSTRAINT surprise CHECK (id <> '" + subscription + "')");
        String id;
        List<String> first;
        try {
            id = deliver("""
                    {"type":"subscription.updated","timestamp":"2026-10-01T08:00:00Z",
                     "data":{"id":"%s","customer_id":"c-%s","status":"active","metadata":{}}}
                    """.formatted(subscription, subscription));
            awaitParked(id);
            first = times(id);

            assertThat(json(operator.post("parked/" + id + "/replay")).toString())
                    .isEqualTo("{\"replayed\":1,\"payload_gone\":0}");
            await().atMost(PATIENCE).until(() -> attempts(id) == 2);
        } finally {
            database.execute("ALTER TABLE subscriptions DROP CONSTRAINT surprise");
        }
        assertThat(times(id).getFirst()).as("first failed").isEqualTo(first.getFirst());
        assertThat(times(id).get(1)).as("last failed").isGreaterThan(first.get(1));

        assertThat(operator.post("parked/" + id + "/replay").statusCode()).isEqualTo(202);

        await().atMost(PATIENCE).until(() -> database.rows("SELECT 1 FROM parked WHERE webhook_id = ?", id).isEmpty());
        assertThat(database.rows("SELECT outcome, origin, received_at::text FROM inbox WHERE webhook_id = ?", id))
                .containsExactly(List.of("applied", "replay", first.get(2)));
        assertThat(ReceivedTopic.headers(ReceivedTopic.record(id))).containsEntry("origin", "replay");
        assertThat(log.lines()).hasSize(2)
                .containsOnly("INFO Operator usr_ops replayed 1 parked events (" + id + ")");
    }

    @Test
    void eventThatIsParkedAndApplied_isUnparkedByItsReplay() {
        String id = deliver("{\"type\":\"organization.updated\",\"timestamp\":\"2026-10-01T08:00:00Z\",\"data\":{}}");
        await().atMost(PATIENCE).until(
                () -> database.number("SELECT count(*) FROM inbox WHERE webhook_id = ?", id) == 1);
        database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) "
                + "SELECT webhook_id, ?, 'failed', 'by a replica that was suspended', received_at, 'webhook', body "
                + "FROM payloads WHERE webhook_id = ?", type, id);

        assertThat(operator.post("parked/replay?type=" + type).statusCode()).isEqualTo(202);

        await().atMost(PATIENCE).until(() -> database.rows("SELECT 1 FROM parked WHERE webhook_id = ?", id).isEmpty());
    }

    @Test
    void replayOfATypeAndReason_replaysAllOfThem_andNoOthers() {
        int many = 2 * ReplayEvents.BATCH + 5;
        IntStream.range(0, many).forEach(i -> park("malformed", i, unknownType()));
        String other = park("failed", 1, unknownType());

        HttpResponse<String> answer = operator.post("parked/replay?reason=malformed&type=" + type);

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(json(answer).toString()).isEqualTo("{\"replayed\":" + many + ",\"payload_gone\":0}");
        await().atMost(PATIENCE).until(() -> database.column("SELECT webhook_id FROM parked WHERE type = ?", type)
                .equals(List.of(other)));
        assertThat(log.lines()).containsExactly("INFO Operator usr_ops replayed " + many
                + " parked events (reason malformed, type " + type + ")");

        assertThat(json(operator.post("parked/replay?type=" + type)).toString())
                .isEqualTo("{\"replayed\":1,\"payload_gone\":0}");
        await().atMost(PATIENCE).until(() -> database.rows("SELECT 1 FROM parked WHERE type = ?", type).isEmpty());
    }

    /// So many that publishing pauses for a while: the next replay succeeds nevertheless. The first one gives up early,
    /// before the broker counts as dead: then its partitions would have no leader for a moment after it returns.
    @Test
    void replayWhileTheBrokerIsAway_reportsItsProgress_andLosesNothing() throws Exception {
        List<String> ids = parkSome();
        QuarkusMock.installMockForType(new ReplayEvents(rawTopic, Duration.ofMillis(20)), ReplayEvents.class);

        SuspendedBroker suspended = new SuspendedBroker();
        try (suspended) {
            HttpResponse<String> answer = operator.post("parked/replay?type=" + type);

            assertProblem(answer, 503, "replay-incomplete");
            assertThat(new OpenApi().faults("POST /api/v1/polar/ops/parked/replay", answer)).isEmpty();
            assertThat(json(answer).get("detail").textValue()).contains("The broker", "At least 0 events");
            assertThat(answer.headers().firstValue("retry-after")).hasValue("5");
            assertThat(log.lines()).containsExactly("INFO Operator usr_ops replayed 0 parked events (any reason, "
                    + "type " + type + "), then the broker did not answer");
            assertThat(ids).allSatisfy(id -> assertThat(attempts(id)).isEqualTo(1));
        }
        QuarkusMock.installMockForType(new ReplayEvents(rawTopic), ReplayEvents.class);
        parkSome();
        assertThat(operator.post("parked/replay?type=" + type).statusCode()).isEqualTo(202);
        await().atMost(PATIENCE).until(() -> database.rows("SELECT 1 FROM parked WHERE type = ?", type).isEmpty());
    }

    private List<String> parkSome() {
        return IntStream.range(0, 6).mapToObj(i -> park("failed", i, unknownType())).toList();
    }

    @Test
    void eventThatTheTopicRefuses_isReported_andBlocksNoOther() {
        String large = park("failed", 2, "{\"type\":\"" + type + "\",\"data\":\"" + "x".repeat(300_000) + "\"}");
        park("failed", 1, unknownType());
        try (var limit = new LoweredLimit(SandboxStack.settings().get("kafka.bootstrap.servers"), 200_000)) {
            assertThat(limit).isNotNull();

            HttpResponse<String> answer = operator.post("parked/replay?type=" + type);

            assertProblem(answer, 409, "replay-refused");
            assertThat(new OpenApi().faults("POST /api/v1/polar/ops/parked/replay", answer)).isEmpty();
            assertThat(json(answer).get("detail").textValue()).contains("1 larger than its max", ", 1 published");
            assertThat(log.lines()).containsExactly("INFO Operator usr_ops replayed 1 parked events (any reason, "
                    + "type " + type + "); the topic refused 1 as too large");
            await().atMost(PATIENCE).until(() -> database.column("SELECT webhook_id FROM parked WHERE type = ?", type)
                    .equals(List.of(large)));
        }
    }

    @Test
    void eventWithoutABody_isNotReplayed_andSaysSo() {
        String gone = park("failed", 2, "");
        database.execute("UPDATE parked SET body_forgotten_at = now() WHERE webhook_id = ?", gone);

        assertThat(json(operator.get("parked/" + gone)).get("body_forgotten_at").textValue()).endsWith("Z");
        assertThat(json(operator.get("parked/" + gone)).get("body_sha256").isNull()).isTrue();
        assertProblem(operator.post("parked/" + gone + "/replay"), 409, "payload-gone");

        park("failed", 1, unknownType());
        assertThat(json(operator.post("parked/replay?type=" + type)).toString())
                .isEqualTo("{\"replayed\":1,\"payload_gone\":1}");
        await().atMost(PATIENCE).until(() -> database.column("SELECT webhook_id FROM parked WHERE type = ?", type)
                .equals(List.of(gone)));
        assertThat(attempts(gone)).isEqualTo(1);
    }

    /// A delivery is the body's way back.
    @Test
    void eventWithoutABody_thatIsDeliveredAgain_hasOneAgain() {
        String body = "{\"type\":\"order.paid\",\"data\":{\"id\":1}}";
        String id = deliver(body);
        awaitParked(id);
        database.execute("UPDATE parked SET body = '', body_forgotten_at = now(), "
                + "first_failed_at = now() - interval '100 days', type = ? WHERE webhook_id = ?",
                type, id);

        SignedDelivery.of(id, body.getBytes(StandardCharsets.UTF_8), Instant.now())
                .send(service.resolve("/api/v1/polar/webhooks"));

        await().atMost(PATIENCE).until(() -> attempts(id) == 2);
        assertThat(json(operator.get("parked/" + id)).get("body_forgotten_at").isNull()).isTrue();
        assertThat(database.number("SELECT count(*) FROM parked WHERE webhook_id = ? AND first_failed_at > now() - "
                + "interval '1 day'", id)).as("the retention of the new body begins anew").isOne();
        assertThat(json(operator.get("parked/" + id)).get("body_bytes").intValue()).isEqualTo(body.length());
        database.execute("DELETE FROM parked WHERE webhook_id = ?", id);
    }

    @Test
    void webhookIdWithReservedUrlCharacters_isFound() {
        String id = "a/b c?d=%2F&e#f+" + UUID.randomUUID();
        park(id, "failed", 1, unknownType());

        assertThat(json(operator.get("parked/" + encoded(id))).path("webhook_id").textValue()).isEqualTo(id);
        assertThat(operator.post("parked/" + encoded(id) + "/replay").statusCode()).isEqualTo(202);
        await().atMost(PATIENCE).until(() -> database.rows("SELECT 1 FROM parked WHERE webhook_id = ?", id).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "%00", "%E2%82%AC"})
    void eventThatIsNotParked_isNotFound(String id) {
        assertProblem(operator.get("parked/" + id), 404, "not-parked");
        assertProblem(operator.post("parked/" + id + "/replay"), 404, "not-parked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?limit=0", "?limit=501", "?limit=all", "?after=x", "?after=AAAA",
            "?reason=", "?reason=bad", "?reason=FAILED", "?type=", "?type=%20", "?type=%00", "?type=%E2%82%AC"})
    void invalidParameter_isRefused(String query) {
        assertProblem(operator.get("parked" + query), 400, "parameter-invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?type=", "?reason=", "?reason=&type=x", "?type=&reason=failed"})
    void emptyParameter_doesNotWidenTheReplay(String query) {
        assertProblem(operator.post("parked/replay" + query), 400, "parameter-invalid");
    }

    @Test
    void replayWithoutParameters_isRefused() {
        assertProblem(operator.post("parked/replay"), 400, "parameter-missing");
        assertThat(log.lines()).isEmpty();
    }

    private String deliver(String body) {
        SignedDelivery delivery = SignedDelivery.of(body);
        assertThat(delivery.send(service.resolve("/api/v1/polar/webhooks")).statusCode()).isEqualTo(202);
        return delivery.webhookId();
    }

    private void awaitParked(String webhookId) {
        await().atMost(PATIENCE).until(() -> attempts(webhookId) == 1);
    }

    /// As if an older version of the service, which could not apply the event, had parked it.
    private String park(String reason, int hoursAgo, String body) {
        return park(UUID.randomUUID().toString(), reason, hoursAgo, body);
    }

    private String park(String webhookId, String reason, int hoursAgo, String body) {
        database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) VALUES "
                + "(?, ?, ?, 'for a test', date_trunc('hour', now()) - make_interval(hours => ?), 'webhook', "
                + "convert_to(?, 'UTF8'))", webhookId, type, reason, hoursAgo, body);
        return webhookId;
    }

    private String unknownType() {
        return "{\"type\":\"" + type + "\",\"data\":{\"id\":\"" + UUID.randomUUID() + "\"}}";
    }

    private int attempts(String webhookId) {
        return database.column("SELECT attempts FROM parked WHERE webhook_id = ?", webhookId).stream()
                .mapToInt(Integer::parseInt).findFirst().orElse(0);
    }

    /// Times of the first and the last failure, and of receipt.
    private List<String> times(String webhookId) {
        return database.rows("SELECT first_failed_at::text, last_failed_at::text, received_at::text FROM parked "
                + "WHERE webhook_id = ?", webhookId).getFirst();
    }
}
