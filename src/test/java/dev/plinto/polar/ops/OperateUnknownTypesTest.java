package dev.plinto.polar.ops;

import static dev.plinto.polar.testing.Operator.encoded;
import static dev.plinto.polar.testing.Operator.json;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.polar.Snapshot;
import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.ReceivedTopic;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedDelivery;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class OperateUnknownTypesTest extends AsOperator {

    @Test
    void unknownType_isListed_andItsReplayChangesNothing() {
        String type = "wallet/topped%up." + UUID.randomUUID(); // with reserved URL characters
        String first = deliverEvent(type);
        String second = deliverEvent(type);
        awaitOutcome(first, "unknown_type");
        awaitOutcome(second, "unknown_type");
        List<List<String>> before = inbox(first);

        JsonNode listed = listed(type);
        assertThat(listed.get("known").booleanValue()).isFalse();
        assertThat(listed.get("count").intValue()).isEqualTo(2);
        assertThat(listed.get("payload_gone").intValue()).isZero();
        assertThat(listed.get("oldest").textValue()).isLessThan(listed.get("newest").textValue());

        assertThat(json(operator.post("unknown-types/" + encoded(type) + "/replay")).toString())
                .isEqualTo("{\"replayed\":2,\"payload_gone\":0}");
        await().atMost(PATIENCE).until(() -> "replay".equals(
                ReceivedTopic.headers(ReceivedTopic.record(first)).get("origin")));
        String after = deliverEvent("wallet.topped_up");
        awaitOutcome(after, "unknown_type");
        assertThat(inbox(first)).isEqualTo(before);
    }

    /// As if an older version of the service had projected them.
    @Test
    void typeThatIsKnownNow_isApplied_ifThePayloadIsStillKept() {
        String subscription = "sub-" + UUID.randomUUID();
        String id = keep("subscription.paused", """
                {"type":"subscription.paused","timestamp":"2026-10-01T08:00:00Z",
                 "data":{"id":"%s","customer_id":"c-%s","status":"paused","metadata":{}}}
                """.formatted(subscription, subscription));
        String gone = keep("subscription.paused", "{}");
        database.execute("DELETE FROM payloads WHERE webhook_id = ?", gone);

        assertThat(listed("subscription.paused").get("known").booleanValue()).isTrue();
        assertThat(listed("subscription.paused").get("payload_gone").intValue()).isEqualTo(1);
        try (LogLines log = LogLines.of(UnknownTypes.class)) {
            assertThat(json(operator.post("unknown-types/subscription.paused/replay")).toString())
                    .isEqualTo("{\"replayed\":1,\"payload_gone\":1}");
            assertThat(log.lines()).containsExactly("INFO Operator usr_ops replayed 1 events of unknown type "
                    + "(subscription.paused), and skipped 1 without a body");
        }
        awaitOutcome(id, "applied");
        assertThat(database.column("SELECT status FROM subscriptions WHERE id = ?", subscription))
                .containsExactly("paused");
        database.execute("DELETE FROM inbox WHERE webhook_id = ?", gone);
    }

    /// The sender knows the webhook secret; but only reconciliation may publish snapshots of Polar's API.
    @Test
    void deliveredSnapshot_isOfUnknownType_andChangesNothing_alsoReplayed() {
        String customer = "c-" + UUID.randomUUID();
        send("""
                {"type":"customer.created","timestamp":"2026-10-01T08:00:00Z","data":{"id":"%s","external_id":"org-s",
                 "created_at":"2026-10-01T08:00:00Z"}}""".formatted(customer));
        String forged = send("""
                {"type":"%s","timestamp":"2026-10-02T08:00:00Z","kind":"customer","gone":true,
                 "data":{"id":"%s","deleted_at":"2026-10-02T08:00:00Z"}}""".formatted(Snapshot.TYPE, customer));
        awaitOutcome(forged, "unknown_type");

        assertThat(operator.post("unknown-types/" + Snapshot.TYPE + "/replay").statusCode()).isEqualTo(202);
        await().atMost(PATIENCE).until(() -> "replay".equals(
                ReceivedTopic.headers(ReceivedTopic.record(forged)).get("origin")));
        awaitOutcome(send("""
                {"type":"wallet.topped_up","data":{"customer_id":"%s"}}""".formatted(customer)), "unknown_type");

        assertThat(ReceivedTopic.headers(ReceivedTopic.record(forged)))
                .containsEntry("ce_type", "sh.polar." + Snapshot.TYPE);
        assertThat(database.number("SELECT count(*) FROM customers WHERE id = ? AND deleted_at IS NULL", customer))
                .isOne();
        assertThat(database.column("SELECT outcome FROM inbox WHERE webhook_id = ?", forged))
                .containsExactly("unknown_type");
    }

    @Test
    void typeThatIsKnownNow_butCannotBeApplied_isParked() {
        String id = keep("subscription.resumed", "{\"type\":\"subscription.resumed\",\"data\":1}");

        assertThat(operator.post("unknown-types/subscription.resumed/replay").statusCode()).isEqualTo(202);

        await().atMost(PATIENCE).until(() -> database.column("SELECT reason FROM parked WHERE webhook_id = ?", id)
                .equals(List.of("malformed")));
        database.execute("DELETE FROM inbox WHERE webhook_id = ?", id);
    }

    @Test
    void replayOfATypeWithoutEvents_doesNothing_andInvalidTypesAreRefused() {
        assertThat(json(operator.post("unknown-types/none.such/replay")).toString())
                .isEqualTo("{\"replayed\":0,\"payload_gone\":0}");
        assertProblem(operator.post("unknown-types/%20/replay"), 400, "parameter-invalid");
        assertProblem(operator.post("unknown-types/%00/replay"), 400, "parameter-invalid");
    }

    private JsonNode listed(String type) {
        return StreamSupport.stream(json(operator.get("unknown-types")).get("items").spliterator(), false)
                .filter(item -> item.get("type").textValue().equals(type)).findFirst().orElseThrow();
    }

    private String deliverEvent(String type) {
        return send("{\"type\":\"" + type + "\",\"data\":{}}");
    }

    private String send(String body) {
        SignedDelivery delivery = SignedDelivery.of(body);
        assertThat(delivery.send(service.resolve("/api/v1/polar/webhooks")).statusCode()).isEqualTo(202);
        return delivery.webhookId();
    }

    private String keep(String type, String body) {
        String webhookId = UUID.randomUUID().toString();
        database.execute("INSERT INTO inbox (webhook_id, type, outcome, received_at, origin) "
                + "VALUES (?, ?, 'unknown_type', '2026-10-01T08:00:00Z', 'webhook')", webhookId, type);
        database.execute("INSERT INTO payloads (webhook_id, received_at, body) "
                + "VALUES (?, '2026-10-01T08:00:00Z', convert_to(?, 'UTF8'))", webhookId, body);
        return webhookId;
    }

    private void awaitOutcome(String webhookId, String outcome) {
        await().atMost(PATIENCE).until(() -> database.column("SELECT outcome FROM inbox WHERE webhook_id = ?",
                webhookId).equals(List.of(outcome)));
    }

    private List<List<String>> inbox(String webhookId) {
        return database.rows("SELECT * FROM inbox WHERE webhook_id = ?", webhookId);
    }
}
