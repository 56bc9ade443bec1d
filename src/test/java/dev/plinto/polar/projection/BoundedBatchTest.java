package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.telemetry.Tracing;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.LargeAccount;
import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A batch that exceeds the bounds of a transaction is projected in smaller ones, and ends in the same state.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class BoundedBatchTest {

    private static final int GRANTS = 6;
    private static final Duration LONG = Duration.ofHours(1);

    private final Database database = Database.ofSandbox();
    private final String run = UUID.randomUUID().toString();
    private final List<String> organizations = List.of(run + "-1", run + "-2");

    @Inject
    Transactions transactions;
    @Inject
    RetryUntilDone retry;
    @Inject
    InstantSource clock;
    @Inject
    Partitions partitions;
    @Inject
    ProjectionMetrics metrics;
    @Inject
    Tracing tracing;

    @Inject
    EventReadings readings;

    @AfterEach
    void forget() {
        database.execute("DELETE FROM positions WHERE topic_id = ?", run);
    }

    @Test
    void customersWithTooManyGrants_areProjectedOneByOne() {
        project(BatchBounds.USUAL, accounts().stream().flatMap(account -> account.granted().stream()).toList());

        List<String> log = project(new BatchBounds(GRANTS + 1, Integer.MAX_VALUE, LONG), accounts().stream()
                .flatMap(account -> account.revoked().stream()).toList());

        assertThat(log).singleElement().asString().contains("it concerns more than 7 grants");
        assertThat(liveGrants()).isEmpty();
    }

    @Test
    void batchOfManyMessages_isProjectedInParts_andNothingIsParked() {
        List<WebhookEvent> events = accounts().stream().flatMap(account -> account.life().stream()).toList();

        List<String> log = project(new BatchBounds(Integer.MAX_VALUE - 1, 3_000, LONG), events);

        assertThat(log).isNotEmpty().allMatch(line -> line.contains("it writes more than 3000 characters"));
        assertThat(liveGrants()).containsExactly(
                List.of(organizations.get(0), Integer.toString(GRANTS)),
                List.of(organizations.get(1), Integer.toString(GRANTS)));
        assertThat(database.number("SELECT count(*) FROM inbox WHERE outcome = 'applied' AND webhook_id IN (" +
                String.join(", ", events.stream().map(event -> "'" + event.webhookId() + "'").toList()) + ")"))
                .isEqualTo(events.size());
    }

    @Test
    void batchThatTakesTooLong_isProjectedEventByEvent() {
        List<WebhookEvent> events = accounts().stream().flatMap(account -> account.granted().stream()).toList();

        List<String> log = project(new BatchBounds(Integer.MAX_VALUE - 1, Integer.MAX_VALUE, Duration.ZERO), events);

        assertThat(log).hasSize(events.size() - 1).allMatch(line -> line.contains("it takes more than 0 ms to apply"));
        assertThat(liveGrants()).hasSize(2);
    }

    private List<LargeAccount> accounts() {
        return organizations.stream().map(organization -> new LargeAccount(organization, GRANTS, 2)).toList();
    }

    private List<List<String>> liveGrants() {
        return database.rows("SELECT account, count(*) FROM grants WHERE starts_with(account, ?) GROUP BY 1 ORDER BY 1",
                run);
    }

    private List<String> project(BatchBounds bounds, List<WebhookEvent> events) {
        try (LogLines log = LogLines.of(BatchProjection.class)) {
            new BatchProjection(transactions, retry, clock, partitions, metrics, Nobody.ERASED, bounds).project(
                    events.stream().map(this::received).toList(), new Positions(run, Map.of(0, 1L)));
            return log.lines();
        }
    }

    private ReceivedEvent received(WebhookEvent event) {
        ProducerRecord<String, byte[]> sent = RawTopicWriter.record(event);
        return ReceivedEvent.of(new ConsumerRecord<>(sent.topic(), 0, 0, Instant.EPOCH.toEpochMilli(),
                TimestampType.CREATE_TIME, 0, 0, sent.key(), sent.value(), sent.headers(), Optional.empty()),
                readings, tracing);
    }
}
