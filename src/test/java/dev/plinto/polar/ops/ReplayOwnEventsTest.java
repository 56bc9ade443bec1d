package dev.plinto.polar.ops;

import static dev.plinto.polar.testing.Operator.encoded;
import static dev.plinto.polar.testing.Operator.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.HeaderNames;
import dev.plinto.polar.Topics;
import dev.plinto.polar.polar.Snapshot;
import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.ReceivedTopic;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// During an upgrade, a newer release puts events of its own on the raw topic that this release does not know. They are
/// kept, and replayed as what their records stated; what a delivery claims in its body is never believed.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ReplayOwnEventsTest extends AsOperator {

    private static final String ANSWER = "dev.plinto.polar.answer.v1";
    private static final String SNAPSHOT_V2 = "dev.plinto.polar.snapshot.v2";
    private final RawTopicWriter topic = RawTopicWriter.toSandbox();
    private final String id = UUID.randomUUID().toString();
    private final String customer = "c-" + id;

    @AfterEach
    void tidyUp() {
        topic.close();
        database.execute("DELETE FROM inbox WHERE webhook_id = ?", id);
        database.execute("DELETE FROM parked WHERE webhook_id = ?", id);
    }

    @ParameterizedTest
    @CsvSource({
            Snapshot.TYPE + ", wallet, reconcile, " + Snapshot.TYPE + ":wallet",
            Snapshot.TYPE + ", wallet, answer, " + Snapshot.TYPE + ":wallet",
            SNAPSHOT_V2 + ", customer, reconcile, " + SNAPSHOT_V2,
            ANSWER + ", customer, answer, " + ANSWER})
    void eventThatANewerReleaseMade_isKept_andReplayedAsWhatItIs(String ceType, String kind, String origin,
            String keptAs) {
        String body = gone(ceType, kind);
        write(body, ceType, origin);
        awaitOutcome("unknown_type");
        List<List<String>> kept = database.rows("SELECT * FROM inbox WHERE webhook_id = ?", id);
        assertThat(database.rows("SELECT type, origin, convert_from(body, 'UTF8') FROM inbox JOIN payloads "
                + "USING (webhook_id) WHERE webhook_id = ?", id)).containsExactly(List.of(keptAs, origin, body));
        assertThat(parked()).isEmpty();
        assertThat(listed(keptAs).get("known").booleanValue()).isFalse();

        assertThat(operator.post("unknown-types/" + encoded(keptAs) + "/replay").statusCode()).isEqualTo(202);

        ConsumerRecord<String, byte[]> replayed = awaitReplayed();
        assertThat(ReceivedTopic.headers(replayed)).containsEntry("ce_type", ceType)
                .containsEntry("ce_source", "/plinto/polar");
        assertThat(replayed.value()).asString().isEqualTo(body);
        awaitProjected(replayed.key());
        assertThat(database.rows("SELECT * FROM inbox WHERE webhook_id = ?", id)).isEqualTo(kept);
        assertThat(parked()).isEmpty();
        assertThat(database.number("SELECT count(*) FROM customers WHERE id = ?", customer)).isZero();
    }

    /// Also in a form that only a newer release reads.
    @Test
    void eventThatIsNoJson_isKept() {
        write("\0", SNAPSHOT_V2, "reconcile");

        awaitOutcome("unknown_type");
        assertThat(database.column("SELECT type FROM inbox WHERE webhook_id = ?", id)).containsExactly(SNAPSHOT_V2);
    }

    /// As if an older release had kept it.
    @ParameterizedTest
    @CsvSource({"reconcile", "answer"})
    void snapshotOfAKindThatIsKnownNow_isApplied(String origin) {
        database.execute("INSERT INTO inbox (webhook_id, type, outcome, received_at, origin, own_type) "
                + "VALUES (?, ?, 'unknown_type', '2026-10-01T08:00:00Z', ?, ?)", id, Snapshot.TYPE + ":customer",
                origin,
                Snapshot.TYPE);
        database.execute("INSERT INTO payloads (webhook_id, received_at, body) "
                + "VALUES (?, '2026-10-01T08:00:00Z', convert_to(?, 'UTF8'))", id, gone(Snapshot.TYPE, "customer"));
        assertThat(listed(Snapshot.TYPE + ":customer").get("known").booleanValue()).isTrue();

        assertThat(operator.post("unknown-types/" + Snapshot.TYPE + ":customer/replay").statusCode()).isEqualTo(202);

        awaitOutcome("applied");
        assertThat(database.number("SELECT count(*) FROM customers WHERE id = ? AND deleted_at IS NOT NULL", customer))
                .isOne();
        assertThat(database.column("SELECT origin FROM inbox WHERE webhook_id = ?", id)).containsExactly(origin);
    }

    /// Reconciliation publishes what it finds in Polar's delivery log, too.
    @ParameterizedTest
    @CsvSource({
            Snapshot.TYPE + ", customer",
            Snapshot.TYPE + ", wallet",
            Snapshot.TYPE + ":customer, customer",
            SNAPSHOT_V2 + ", customer",
            ANSWER + ", customer"})
    void delivery_isNeverASnapshot_whateverItClaims(String claimed, String kind) {
        write(gone(claimed, kind), "sh.polar." + claimed, "reconcile");
        awaitOutcome("unknown_type");

        assertThat(operator.post("unknown-types/" + encoded(claimed) + "/replay").statusCode()).isEqualTo(202);

        ConsumerRecord<String, byte[]> replayed = awaitReplayed();
        assertThat(ReceivedTopic.headers(replayed)).containsEntry("ce_type", "sh.polar." + claimed)
                .containsEntry("ce_source", "https://polar.sh");
        awaitProjected(replayed.key());
        assertThat(database.column("SELECT outcome FROM inbox WHERE webhook_id = ?", id))
                .containsExactly("unknown_type");
        assertThat(database.number("SELECT count(*) FROM customers WHERE id = ?", customer)).isZero();
    }

    @Test
    void parkedSnapshot_isReplayedAsOne_whateverItsOrigin() {
        write(gone(Snapshot.TYPE, "customer").replace("true", "1"), Snapshot.TYPE, "answer");
        await().atMost(PATIENCE).until(() -> parked().equals(List.of("malformed")));

        assertThat(operator.post("parked/" + id + "/replay").statusCode()).isEqualTo(202);

        assertThat(ReceivedTopic.headers(awaitReplayed())).containsEntry("ce_type", Snapshot.TYPE);
    }

    @Test
    void unknownKindThatAnEarlierReleaseParked_isKept_onceItIsReplayed() {
        park("malformed", gone(Snapshot.TYPE, "wallet"));

        assertThat(operator.post("parked/" + id + "/replay").statusCode()).isEqualTo(202);

        awaitOutcome("unknown_type");
        assertThat(parked()).isEmpty();
        assertThat(database.column("SELECT own_type FROM inbox WHERE webhook_id = ?", id))
                .containsExactly(Snapshot.TYPE);
    }

    /// A delivery of this type is never malformed, but everything can fail.
    @Test
    void parkedDeliveryThatClaimsToBeASnapshot_isReplayedAsADelivery() {
        park("failed", gone(Snapshot.TYPE, "customer"));

        assertThat(operator.post("parked/" + id + "/replay").statusCode()).isEqualTo(202);

        awaitOutcome("unknown_type");
        assertThat(ReceivedTopic.headers(awaitReplayed())).containsEntry("ce_type", "sh.polar." + Snapshot.TYPE);
        assertThat(database.number("SELECT count(*) FROM customers WHERE id = ?", customer)).isZero();
    }

    private String gone(String type, String kind) {
        return """
                {"type":"%s","timestamp":"2026-10-02T08:00:00Z","kind":"%s","gone":true,
                 "data":{"id":"%s","deleted_at":"2026-10-02T08:00:00Z"}}""".formatted(type, kind, customer);
    }

    private void write(String body, String ceType, String origin) {
        ProducerRecord<String, byte[]> record = RawTopicWriter.record(id, body.getBytes(StandardCharsets.UTF_8));
        Map.of(HeaderNames.CE_TYPE, ceType, HeaderNames.ORIGIN, origin)
                .forEach((name, value) -> RawTopicWriter.header(record, name, value));
        topic.write(List.of(record));
    }

    /// As a release parked it that does not know the column `own_type`.
    private void park(String reason, String body) {
        database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) VALUES "
                + "(?, ?, ?, 'for a test', '2026-10-01T08:00:00Z', 'reconcile', convert_to(?, 'UTF8'))", id,
                Snapshot.TYPE, reason, body);
    }

    private JsonNode listed(String type) {
        return StreamSupport.stream(json(operator.get("unknown-types")).get("items").spliterator(), false)
                .filter(item -> item.get("type").textValue().equals(type)).findFirst().orElseThrow();
    }

    private void awaitOutcome(String outcome) {
        await().atMost(PATIENCE).until(() -> database.column("SELECT outcome FROM inbox WHERE webhook_id = ?", id)
                .equals(List.of(outcome)));
    }

    private ConsumerRecord<String, byte[]> awaitReplayed() {
        return await().atMost(PATIENCE).until(() -> ReceivedTopic.record(id),
                record -> "replay".equals(ReceivedTopic.headers(record).get("origin")));
    }

    /// Everything that is before now in the partition of this key.
    private void awaitProjected(String key) {
        String last = UUID.randomUUID().toString();
        ProducerRecord<String, byte[]> like = RawTopicWriter.record(last, "{\"type\":\"wallet.topped_up\"}"
                .getBytes(StandardCharsets.UTF_8));
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(Topics.RECEIVED, key, like.value());
        like.headers().forEach(header -> record.headers().add(header));
        topic.write(List.of(record));
        await().atMost(PATIENCE).until(
                () -> database.number("SELECT count(*) FROM inbox WHERE webhook_id = ?", last) == 1);
    }

    private List<String> parked() {
        return database.column("SELECT reason FROM parked WHERE webhook_id = ?", id);
    }
}
