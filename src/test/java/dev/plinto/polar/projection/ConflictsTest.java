package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.telemetry.Tracing;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.MetricsDelta;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// One webhook id with two bodies: the one that is stored first counts, and the other is kept as a conflict.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ConflictsTest {

    private static final Positions NOWHERE = new Positions("of-a-test", Map.of());
    private static final String MALFORMED = "{\"type\":\"order.paid\",\"timestamp\":\"2026-10-01T08:00:00Z\","
            + "\"data\":{\"id\":\"ord-1\",\"total_amount\":\"many\"}}";

    private final Database database = Database.ofSandbox();
    private final String id = "conflict-" + UUID.randomUUID();

    @Inject
    BatchProjection batches;

    @Inject
    Transactions transactions;

    @Inject
    Tracing tracing;

    @Inject
    EventReadings readings;

    @TestHTTPResource("/")
    URI service;

    @AfterEach
    void tidyUp() {
        database.execute("DELETE FROM parked WHERE webhook_id = ?", id);
    }

    @Test
    void parkedEvent_withAnotherBody_staysAsItIs() {
        project(MALFORMED);
        List<List<String>> parked = parked();

        project("this is no JSON");
        project(subscription("active"));

        assertThat(parked()).isEqualTo(parked);
        assertThat(inbox()).isEmpty();
        assertThat(status()).isEmpty();
        assertThat(conflicts()).containsExactlyInAnyOrder("this is no JSON", subscription("active"));
    }

    @Test
    void appliedEvent_withAnotherBody_isAConflict_andCounted() {
        project(subscription("active"));
        MetricsDelta metrics = MetricsDelta.whenIdle(service);

        try (LogLines log = LogLines.of(BatchProjection.class)) {
            project(subscription("canceled"));

            assertThat(log.lines()).singleElement().asString().startsWith("WARN An event with the webhook id " + id)
                    .doesNotContain("canceled");
        }

        assertThat(status()).containsExactly("active");
        assertThat(conflicts()).containsExactly(subscription("canceled"));
        metrics.assertIncrease(1, "polar_webhook_conflicts_total");
        metrics.assertIncrease(1, "polar_events_projected_total", "outcome=duplicate");
    }

    @Test
    void twoBodiesInOneBatch_theFirstCounts() {
        project(subscription("active"), subscription("canceled"), subscription("active"), MALFORMED);

        assertThat(status()).containsExactly("active");
        assertThat(parked()).isEmpty();
        assertThat(conflicts()).containsExactlyInAnyOrder(subscription("canceled"), MALFORMED);
    }

    @Test
    void replayOfAParkedEvent_afterAConflictInTheSameBatch_isTried() {
        project(MALFORMED);

        project(subscription("active"), MALFORMED, subscription("canceled"));

        assertThat(database.column("SELECT attempts FROM parked WHERE webhook_id = ?", id)).containsExactly("2");
        assertThat(status()).isEmpty();
        assertThat(conflicts()).containsExactlyInAnyOrder(subscription("active"), subscription("canceled"));
    }

    @Test
    void replayThatSucceeds_besideAConflict_unparks() {
        park(subscription("active"));

        project(MALFORMED, subscription("active"));

        assertThat(status()).containsExactly("active");
        assertThat(parked()).isEmpty();
        assertThat(conflicts()).containsExactly(MALFORMED);
    }

    @Test
    void sameBodyAgain_isNoConflict() {
        project(subscription("active"));
        project(subscription("active"));
        project(subscription("active"), subscription("active"));

        assertThat(conflicts()).isEmpty();
    }

    @Test
    void sameBodyWrittenInAnotherForm_isNoConflict() {
        String body = "{\"type\":\"subscription.updated\",\"timestamp\":\"2026-10-01T08:00:00Z\",\"data\":"
                + "{\"id\":\"" + id + "\",\"customer_id\":\"c\",\"status\":\"active\",\"amount\":2000,"
                + "\"metadata\":{\"n\":1.50,\"t\":\"\u00e9\"}}}";
        String other = "{ \"data\": {\"metadata\":{\"t\":\"\\u00e9\",\"n\":1.5}, \"amount\":2e3,"
                + "\"status\":\"active\", \"id\":\"" + id + "\", \"customer_id\":\"c\"},"
                + "\"timestamp\":\"2026-10-01T08:00:00Z\", \"type\":\"subscription.updated\"}\n";
        project(body);

        project(other);
        project(other.replace("1.5", "1.51"));

        assertThat(conflicts()).containsExactly(other.replace("1.5", "1.51"));
    }

    @Test
    void parkedBodyWrittenInAnotherForm_isItsReplay() {
        project(MALFORMED);

        project(MALFORMED + " ");

        assertThat(database.column("SELECT attempts FROM parked WHERE webhook_id = ?", id)).containsExactly("2");
        assertThat(conflicts()).isEmpty();
    }

    @Test
    void unknownType_thenAKnownOneWithAnotherBody_isAConflict() {
        String unknown = "{\"type\":\"wallet.topped_up\",\"data\":{\"id\":\"w\"}}";
        project(unknown);

        project(subscription("active"));

        assertThat(inbox()).containsExactly(List.of("wallet.topped_up", "unknown_type"));
        assertThat(status()).isEmpty();
        assertThat(conflicts()).containsExactly(subscription("active"));
    }

    @Test
    void eventWhoseTypeBecameKnown_isAppliedIfItsBodyIsTheSame() {
        project(subscription("active"));
        database.execute("UPDATE inbox SET outcome = 'unknown_type' WHERE webhook_id = ?", id);
        database.execute("DELETE FROM subscriptions WHERE id = ?", id);

        project(subscription("active"));

        assertThat(inbox()).containsExactly(List.of("subscription.updated", "applied"));
        assertThat(status()).containsExactly("active");
        assertThat(conflicts()).isEmpty();
    }

    /// After the retention of bodies nothing can be compared.
    @Test
    void eventWithoutABody_hasNoConflicts_andStaysDone() {
        project(subscription("active"));
        database.execute("DELETE FROM payloads WHERE webhook_id = ?", id);

        project(subscription("canceled"));

        assertThat(status()).containsExactly("active");
        assertThat(conflicts()).isEmpty();
    }

    @Test
    void manyBodiesOfOneId_areCountedAll_andFewAreKept() {
        project(subscription("active"));
        MetricsDelta metrics = MetricsDelta.whenIdle(service);

        project(bodies(0, 4).toArray(String[]::new));
        bodies(0, 4).forEach(this::project);
        project(bodies(4, 20).toArray(String[]::new));

        assertThat(conflicts()).hasSize(ConflictStore.BODIES_PER_ID).contains(bodies(0, 4).toArray(String[]::new));
        metrics.assertIncrease(24, "polar_webhook_conflicts_total");
    }

    /// The second one waits for the first one's row, and then finds it.
    @Test
    void twoReplicasAtOnce_parkOneBody_andKeepTheOther() throws Exception {
        String other = MALFORMED.replace("many", "few");
        CompletableFuture<Void> second;
        try (Connection first = database.connect(); Statement statement = first.createStatement()) {
            first.setAutoCommit(false);
            statement.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) VALUES "
                    + "('" + id + "', 'order.paid', 'malformed', 'first', now(), 'webhook', convert_to('" + MALFORMED
                    + "', 'UTF8'))");
            second = CompletableFuture.runAsync(() -> project(other));
            await().atMost(Duration.ofSeconds(20)).until(() -> database.number(
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND pid <> pg_backend_pid() "
                            + "AND query LIKE '%INTO parked%'") == 1);
            first.commit();
        }
        second.join();

        assertThat(database.column("SELECT detail FROM parked WHERE webhook_id = ?", id)).containsExactly("first");
        assertThat(conflicts()).containsExactly(other);
    }

    /// It failed to be applied, while another replica parked another body.
    @Test
    void eventThatPostgresqlRefuses_isAConflictIfAnotherBodyIsParked() {
        ReceivedEvent event = event(subscription("active"));
        park(MALFORMED);

        Projected result = transactions.inOne(transaction -> new InboxStore(transaction, Instant.now())
                .parkFailed(event, ParkReason.failed(new IllegalArgumentException()), Nobody.ERASED));

        assertThat(result.outcome()).isEqualTo(EventOutcome.CONFLICT);
        assertThat(database.column("SELECT reason FROM parked WHERE webhook_id = ?", id)).containsExactly("test");
        assertThat(conflicts()).containsExactly(subscription("active"));
    }

    private Stream<String> bodies(int from, int until) {
        return IntStream.range(from, until).mapToObj(i -> subscription("other-" + i));
    }

    private void park(String body) {
        database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) VALUES "
                + "(?, 'a', 'test', 'for a test', now(), 'webhook', convert_to(?, 'UTF8'))", id, body);
    }

    private void project(String... bodies) {
        batches.project(Stream.of(bodies).map(this::event).toList(), NOWHERE);
    }

    private ReceivedEvent event(String body) {
        ProducerRecord<String, byte[]> sent = RawTopicWriter.record(id, body.getBytes(StandardCharsets.UTF_8));
        return ReceivedEvent.of(new ConsumerRecord<>(sent.topic(), 0, 0, Instant.EPOCH.toEpochMilli(),
                TimestampType.CREATE_TIME, 0, 0, sent.key(), sent.value(), sent.headers(), Optional.empty()),
                readings, tracing);
    }

    private String subscription(String status) {
        return "{\"type\":\"subscription.updated\",\"timestamp\":\"2026-10-01T08:00:00Z\",\"data\":{\"id\":\"" + id
                + "\",\"customer_id\":\"c\",\"status\":\"" + status + "\",\"metadata\":{}}}";
    }

    /// Without rows that have nothing but an id: an object that a conflict mentions gets one.
    private List<String> status() {
        return database.column("SELECT status FROM subscriptions WHERE id = ? AND status IS NOT NULL", id);
    }

    private List<List<String>> inbox() {
        return database.rows("SELECT type, outcome FROM inbox WHERE webhook_id = ?", id);
    }

    private List<List<String>> parked() {
        return database.rows("SELECT parked::text FROM parked WHERE webhook_id = ?", id);
    }

    private List<String> conflicts() {
        return database.column("SELECT convert_from(body, 'UTF8') FROM conflicts WHERE webhook_id = ?", id);
    }
}
