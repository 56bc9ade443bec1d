package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.telemetry.Tracing;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.Operator;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/// One event that PostgreSQL refuses, in a batch of the maximum size, from its arrival to its replay.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class PoisonedBatchTest {

    private static final int BATCH = 500;
    private static final int POISONED = 250;

    private final Database database = Database.ofSandbox();
    private final String run = UUID.randomUUID().toString();

    @Inject
    BatchProjection batches;

    @Inject
    Tracing tracing;

    @Inject
    EventReadings readings;

    @TestHTTPResource("/")
    URI service;

    @Test
    void poisonedEvent_isParkedAlone_andAppliedByItsReplay() {
        String poisoned = webhookId(POISONED);
        database.execute("ALTER TABLE subscriptions ADD CONSTRAINT poison CHECK (id <> 'subscription-" + poisoned
                + "')");
        try (LogLines log = LogLines.of(BatchProjection.class)) {
            List<ReceivedEvent> events = IntStream.range(0, BATCH).mapToObj(i -> event(webhookId(i))).toList();

            batches.project(events, new Positions("of-a-test", Map.of(0, (long) BATCH)));

            assertThat(log.lines()).anyMatch(line -> line.startsWith("ERROR Event " + poisoned + " is parked")
                    && line.contains("POST /api/v1/polar/ops/parked/" + poisoned + "/replay"));
            assertThat(database.rows("SELECT outcome, count(*) FROM inbox WHERE starts_with(webhook_id, ?) GROUP BY 1",
                    run)).containsExactly(List.of("applied", "499"));
            assertThat(database.rows("SELECT webhook_id, reason, attempts FROM parked WHERE starts_with(webhook_id, ?)",
                    run)).containsExactly(List.of(poisoned, "failed", "1"));
        } finally {
            database.execute("ALTER TABLE subscriptions DROP CONSTRAINT poison");
            database.execute("DELETE FROM positions WHERE topic_id = 'of-a-test'");
        }

        assertThat(new Operator(service, "usr_ops").post("parked/" + poisoned + "/replay").statusCode()).isEqualTo(202);

        await().atMost(Duration.ofSeconds(20)).until(() -> database.column(
                "SELECT outcome FROM inbox WHERE webhook_id = ?", poisoned).equals(List.of("applied")));
        assertThat(database.column("SELECT status FROM subscriptions WHERE id = ?", "subscription-" + poisoned))
                .containsExactly("active");
        assertThat(database.rows("SELECT 1 FROM parked WHERE webhook_id = ?", poisoned)).isEmpty();
    }

    private String webhookId(int number) {
        return run + "-" + number;
    }

    private ReceivedEvent event(String webhookId) {
        ProducerRecord<String, byte[]> sent = RawTopicWriter.record(webhookId, """
                {"type":"subscription.updated","timestamp":"2026-10-01T08:00:00Z",
                 "data":{"id":"subscription-%s","customer_id":"customer-%s","status":"active","metadata":{}}}
                """.formatted(webhookId, webhookId).getBytes(StandardCharsets.UTF_8));
        return ReceivedEvent.of(new ConsumerRecord<>(sent.topic(), 0, 0, Instant.EPOCH.toEpochMilli(),
                TimestampType.CREATE_TIME, 0, 0, sent.key(), sent.value(), sent.headers(), Optional.empty()),
                readings, tracing);
    }
}
