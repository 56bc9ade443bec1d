package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.Topics;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An event that cannot be applied does not block others, and the projection waits for a database that is away.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ProjectEventsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static Database database;
    private static RawTopicWriter rawTopic;

    @BeforeAll
    static void open() {
        database = Database.ofSandbox();
        rawTopic = RawTopicWriter.toSandbox();
    }

    @AfterAll
    static void close() {
        rawTopic.close();
    }

    @Test
    void eventThatPostgresqlRefuses_isParked_andItsBatchIsApplied() {
        String customer = any();
        String forbidden = any();
        List<String> good = ids(20);
        String refused = any();
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        good.forEach(id -> records.add(RawTopicWriter.record(id, subscription(any(), customer, "active"))));
        records.add(10, RawTopicWriter.record(refused, subscription(forbidden, customer, "active")));
        // PostgreSQL accepts what the strict reader accepts, so a constraint is added that the reader does not know.
        database.execute("ALTER TABLE subscriptions ADD CONSTRAINT surprise CHECK (id <> '" + forbidden + "')");

        try {
            rawTopic.write(records);
            await().atMost(PATIENCE).until(() -> parked(refused) != null);
        } finally {
            database.execute("ALTER TABLE subscriptions DROP CONSTRAINT surprise");
        }

        awaitInInbox(good);
        assertThat(parked(refused)).containsExactly("failed", "PostgreSQL refused it with SQLSTATE 23514");
        assertThat(outcomes(good)).containsOnly("applied");
        assertThat(database.number("SELECT count(*) FROM subscriptions WHERE customer_id = ?", customer)).isEqualTo(20);
    }

    @Test
    void recordsOfAnotherProducer_areParked_andDoNotBlock() {
        long before = parkedUnnamed();
        String next = any();
        ProducerRecord<String, byte[]> nothing = new ProducerRecord<>(Topics.RECEIVED, next, null);
        ProducerRecord<String, byte[]> noHeaders = new ProducerRecord<>(Topics.RECEIVED, next,
                "no event".getBytes(StandardCharsets.UTF_8));
        var longId = RawTopicWriter.record("x".repeat(100_000), "no event".getBytes(StandardCharsets.UTF_8));
        var nonPrintableId = RawTopicWriter.record("a\u0000\nb", "no event".getBytes(StandardCharsets.UTF_8));

        rawTopic.write(List.of(nothing, noHeaders, longId, nonPrintableId, follower(next)));

        awaitInInbox(List.of(next));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(parkedUnnamed()).isEqualTo(before + 4));
    }

    @ParameterizedTest
    @CsvSource({
            "received-at, +999999999-12-31T23:59:59Z", // outside the range of timestamptz
            "received-at, -999999999-01-01T00:00:00Z",
            "received-at, soon",
            "ce_time, yesterday", // the connector may parse this header
            "ce_specversion, 9.9",
            "ce_source, :// no uri",
            "ce_type, ''",
            "origin, ''",
    })
    void invalidHeader_doesNotBlock(String header, String value) {
        String strange = any();
        String next = any();

        rawTopic.write(List.of(
                RawTopicWriter.header(follower(strange), header, value), follower(next)));

        awaitInInbox(List.of(strange, next));
    }

    @Test
    void typeThatCannotBeStored_isParked_andDoesNotBlock() {
        String strange = any();
        String next = any();
        byte[] body = "{\"type\":\"a\\u0000b\",\"timestamp\":\"2026-10-01T08:00:00Z\",\"data\":{}}"
                .getBytes(StandardCharsets.UTF_8);

        rawTopic.write(List.of(RawTopicWriter.record(strange, body), follower(next)));

        awaitInInbox(List.of(next));
        await().atMost(PATIENCE).until(() -> parked(strange) != null);
        assertThat(parked(strange)).first().isEqualTo("not_an_event");
    }

    @Test
    void invalidTimestamp_isParkedAsMalformed_andDoesNotBlock() {
        String strange = any();
        String next = any();
        byte[] body = "{\"type\":\"customer.created\",\"timestamp\":\"yesterday\",\"data\":{\"id\":\"x\"}}"
                .getBytes(StandardCharsets.UTF_8);

        rawTopic.write(List.of(RawTopicWriter.record(strange, body), follower(next)));

        awaitInInbox(List.of(next));
        await().atMost(PATIENCE).until(() -> parked(strange) != null);
        assertThat(parked(strange)).first().isEqualTo("malformed");
    }

    @Test
    void terminatedConnections_parkNothing_andLoseNothing() {
        List<String> sent = new ArrayList<>();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
            List<String> now = ids(5);
            rawTopic.write(now.stream().map(ProjectEventsTest::follower).toList());
            sent.addAll(now);
            database.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    + "WHERE datname = current_database() AND pid <> pg_backend_pid()");
            return sent.size() >= 200;
        });

        awaitInInbox(sent);
        assertThat(outcomes(sent)).containsOnly("applied");
        assertThat(sent).allSatisfy(id -> assertThat(parked(id)).isNull());
    }

    @Test
    void eventWhoseTypeIsNowKnown_isAppliedAgain() {
        String subscription = any();
        String webhookId = any();
        database.execute("INSERT INTO inbox (webhook_id, type, outcome, received_at, origin) "
                + "VALUES (?, 'subscription.updated', 'unknown_type', now(), 'webhook')", webhookId);

        rawTopic.write(List.of(RawTopicWriter.record(webhookId, subscription(subscription, any(), "active"))));

        await().atMost(PATIENCE).until(() -> outcomes(List.of(webhookId)).equals(List.of("applied")));
        assertThat(database.column("SELECT status FROM subscriptions WHERE id = ?", subscription))
                .containsExactly("active");
    }

    private static ProducerRecord<String, byte[]> follower(String webhookId) {
        return RawTopicWriter.record(webhookId, subscription(any(), any(), "active"));
    }

    private static byte[] subscription(String id, String customer, String status) {
        return """
                {"type":"subscription.updated","timestamp":"2026-10-01T08:00:00Z",
                 "data":{"id":"%s","customer_id":"%s","status":"%s","metadata":{}}}
                """.formatted(id, customer, status).getBytes(StandardCharsets.UTF_8);
    }

    private static void awaitInInbox(List<String> webhookIds) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(outcomes(webhookIds)).hasSameSizeAs(webhookIds));
    }

    private static List<String> outcomes(List<String> webhookIds) {
        return database.column("SELECT outcome FROM inbox WHERE webhook_id = ANY (string_to_array(?, ','))",
                String.join(",", webhookIds));
    }

    /// Reason and detail; null if the event is not parked.
    private static List<String> parked(String webhookId) {
        List<List<String>> rows = database.rows("SELECT reason, detail FROM parked WHERE webhook_id = ?", webhookId);
        return rows.isEmpty() ? null : rows.getFirst();
    }

    private static long parkedUnnamed() {
        return database.number("SELECT count(*) FROM parked WHERE webhook_id LIKE 'unnamed:%'");
    }

    private static List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> any()).toList();
    }

    private static String any() {
        return UUID.randomUUID().toString();
    }
}
