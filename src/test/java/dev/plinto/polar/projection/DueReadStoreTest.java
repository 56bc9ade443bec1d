package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.HeaderNames;
import dev.plinto.polar.OwnEvent;
import dev.plinto.polar.Topics;
import dev.plinto.polar.telemetry.Tracing;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The due reads that batches of Conekta's events leave.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class DueReadStoreTest {

    private static final Instant NOON = Instant.parse("2026-11-03T12:00:00Z");
    private static final String ASKED = "SELECT kind, id, customer_id, reason, "
            + "to_char(speaks_after AT TIME ZONE 'UTC', 'HH24:MI:SS') FROM due_reads WHERE id = ANY (?::text[])";

    private final Database database = Database.ofSandbox();
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final String order = "ord_" + run;
    private final String subscription = "sub_" + run;

    @Inject
    BatchProjection batches;

    @Inject
    Tracing tracing;

    @Inject
    EventReadings readings;

    @BeforeEach
    @AfterEach
    void forget() {
        database.execute("TRUNCATE due_reads");
        database.execute("DELETE FROM inbox WHERE starts_with(webhook_id, 'conekta:')");
        database.execute("DELETE FROM positions WHERE topic_id = 'of-a-test'");
    }

    @Test
    void tieInOneBatch_asksForTheObject() {
        project(List.of(paid("e0", NOON, NOON)));
        database.execute("TRUNCATE due_reads");

        project(List.of(paid("e1", NOON.plusSeconds(5), NOON), pending("e2", NOON.plusSeconds(5), NOON)));

        assertThat(asked()).containsExactly(
                List.of("order", "conekta:" + order, "conekta:cus_" + run, "tie", "12:00:05"));
    }

    @Test
    void tieWithWhatIsStored_asksForTheObject_whicheverIdIsGreater() {
        for (String first : List.of("a", "z")) {
            forget();
            project(List.of(paid(first + "1", NOON, NOON)));
            database.execute("TRUNCATE due_reads");

            project(List.of(pending("m1", NOON, NOON.plusSeconds(1))));

            assertThat(asked()).as(first).extracting(row -> row.get(3)).containsExactly("tie");
        }
    }

    @Test
    void eventsOfTwoObjects_orOfTwoSeconds_askForNothing() {
        project(List.of(paid("e0", NOON, NOON)));
        database.execute("TRUNCATE due_reads");

        project(List.of(paid("e1", NOON.plusSeconds(5), NOON), subscribed("e2", NOON.plusSeconds(5), NOON),
                paid("e3", NOON.plusSeconds(6), NOON)));

        assertThat(asked()).isEmpty();
    }

    @Test
    void redelivery_changesNothing() {
        project(List.of(paid("e1", NOON, NOON), pending("e2", NOON, NOON)));
        database.execute("TRUNCATE due_reads");

        project(List.of(pending("e2", NOON, NOON.plusSeconds(9)), paid("e1", NOON, NOON.plusSeconds(9))));
        project(List.of(paid("e1", NOON, NOON.plus(Duration.ofHours(1)))));

        assertThat(asked()).isEmpty();
    }

    @Test
    void firstEventAfterTenMinutesOfSilence_asksForItsObject() {
        project(List.of(subscribed("e1", NOON, NOON)));
        assertThat(asked()).as("the first of all").extracting(row -> row.get(3)).containsExactly("silence");
        database.execute("TRUNCATE due_reads");

        project(List.of(paid("e2", NOON.plusSeconds(600), NOON.plus(Duration.ofMinutes(10)))));
        assertThat(asked()).isEmpty();

        project(List.of(paid("e3", NOON.plusSeconds(1201), NOON.plus(Duration.ofMinutes(20)).plusMillis(1))));
        assertThat(asked()).containsExactly(
                List.of("order", "conekta:" + order, "conekta:cus_" + run, "silence", "12:20:01"));
    }

    @Test
    void silenceWithinABatch_counts_whateverItsOrder() {
        project(List.of(paid("e1", NOON, NOON)));
        database.execute("TRUNCATE due_reads");

        project(List.of(subscribed("e2", NOON.plusSeconds(1500), NOON.plus(Duration.ofMinutes(25))),
                paid("e3", NOON.plusSeconds(720), NOON.plus(Duration.ofMinutes(12)))));

        assertThat(asked()).extracting(row -> row.get(1))
                .containsExactlyInAnyOrder("conekta:" + order, "conekta:" + subscription);
    }

    /// Else a reading would always ask for the next one.
    @Test
    void readingOfOurs_asksForNothing_andBreaksNoSilence() {
        project(List.of(paid("e1", NOON, NOON)));
        database.execute("TRUNCATE due_reads");

        project(List.of(with(with(record("s1", snapshot(NOON), NOON.plus(Duration.ofMinutes(11))), HeaderNames.ORIGIN,
                "reconcile"), HeaderNames.CE_TYPE, OwnEvent.SNAPSHOT)));
        assertThat(asked()).isEmpty();

        project(List.of(subscribed("e2", NOON.plusSeconds(720), NOON.plus(Duration.ofMinutes(12)))));
        assertThat(asked()).extracting(row -> row.get(3)).containsExactly("silence");
    }

    @Test
    void laterStatement_movesTheMomentAfterWhichAReadingMustSpeak() {
        project(List.of(paid("e1", NOON, NOON), pending("e2", NOON, NOON)));

        project(List.of(paid("e3", NOON.plusSeconds(30), NOON.plusSeconds(30))));

        assertThat(asked()).extracting(row -> row.get(4)).containsExactly("12:00:30");
    }

    @Test
    void eventOfPolars_asksForNothing() {
        project(List.of(of(Topics.RECEIVED, "p-" + run, "customer", """
                {"type":"order.paid","timestamp":"2026-11-03T12:00:00Z",
                 "data":{"id":"%s","customer_id":"customer","status":"paid","metadata":{}}}""".formatted(order),
                NOON)));

        assertThat(database.number("SELECT count(*) FROM due_reads")).isZero();
    }

    private List<List<String>> asked() {
        return database.rows(ASKED, "{conekta:" + order + ",conekta:" + subscription + "}");
    }

    private void project(List<ConsumerRecord<String, byte[]>> records) {
        batches.project(records.stream().map(record -> ReceivedEvent.of(record, readings, tracing)).toList(),
                new Positions("of-a-test", Map.of(0, 1L)));
    }

    private ConsumerRecord<String, byte[]> paid(String id, Instant moment, Instant receivedAt) {
        return record(id, event(id, "order.paid", moment, order("paid")), receivedAt);
    }

    private ConsumerRecord<String, byte[]> pending(String id, Instant moment, Instant receivedAt) {
        return record(id, event(id, "order.pending_payment", moment, order("pending_payment")), receivedAt);
    }

    private ConsumerRecord<String, byte[]> subscribed(String id, Instant moment, Instant receivedAt) {
        return record(id, event(id, "subscription.created", moment, """
                {"id":"%s","customer_id":"cus_%s","status":"active"}""".formatted(subscription, run)), receivedAt);
    }

    private String order(String status) {
        return """
                {"id":"%s","payment_status":"%s","customer_info":{"customer_id":"cus_%s"}}"""
                .formatted(order, status, run);
    }

    private String event(String id, String type, Instant moment, String object) {
        return "{\"id\":\"%s\",\"type\":\"%s\",\"created_at\":%d,\"livemode\":false,\"data\":{\"object\":%s}}"
                .formatted(id + run, type, moment.getEpochSecond(), object);
    }

    private String snapshot(Instant moment) {
        return event("s", OwnEvent.SNAPSHOT, moment, order("paid")).replace("\"livemode\"",
                "\"kind\":\"order\",\"livemode\"");
    }

    private ConsumerRecord<String, byte[]> record(String id, String body, Instant receivedAt) {
        return of(Topics.CONEKTA_RECEIVED, id + run, "cus_" + run, body, receivedAt);
    }

    private static ConsumerRecord<String, byte[]> of(String topic, String id, String key, String body,
            Instant receivedAt) {
        ConsumerRecord<String, byte[]> record = new ConsumerRecord<>(topic, 0, 0, key,
                body.getBytes(StandardCharsets.UTF_8));
        return with(with(with(record, HeaderNames.CE_ID, id), HeaderNames.ORIGIN, "webhook"),
                HeaderNames.RECEIVED_AT, receivedAt.toString());
    }

    private static ConsumerRecord<String, byte[]> with(ConsumerRecord<String, byte[]> record, String name,
            String value) {
        record.headers().remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));
        return record;
    }
}
