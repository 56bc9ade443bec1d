package dev.plinto.polar.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.Topics;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.TopicReader;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The relay publishes every row of the outbox once, as soon as it is committed.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class RelayChangesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Map<String, Object> KAFKA = Map.of("bootstrap.servers",
            SandboxStack.settings().get("kafka.bootstrap.servers"));
    /// Beyond the ids of the database's sequence.
    private static final long UNUSED_ID = 1_000_000_000_000L;

    @Inject
    Admin admin;

    @Inject
    RelayConfig config;

    private final Database database = Database.ofSandbox();
    private final List<String> published = new ArrayList<>();
    private Consumer<String, byte[]> topic;

    @BeforeEach
    void listen() {
        topic = TopicReader.ofSandbox().tail(Topics.ENTITLEMENT_CHANGED);
    }

    @AfterEach
    void close() {
        topic.close(CloseOptions.timeout(Duration.ZERO)); // without its last fetch
    }

    @Test
    void rowWithALowerIdThatCommitsLater_isPublished() throws SQLException {
        String lower = key();
        String higher = key();
        try (Connection slow = database.connect(); Connection fast = database.connect()) {
            slow.setAutoCommit(false);
            long lowerId = insert(slow, lower);
            long higherId = insert(fast, higher);
            assertThat(lowerId).isLessThan(higherId);
            awaitPublished(higher);
            assertThat(published).doesNotContain(lower);

            slow.commit();

            awaitPublished(lower);
        }
    }

    @Test
    void commit_wakesTheRelay_beforeItsNextPoll() throws SQLException {
        List<Long> millis = new ArrayList<>();
        try (Connection connection = database.connect()) {
            String first = key();
            insert(connection, first);
            awaitPublished(first);
            for (int i = 0; i < 20; i++) {
                String key = key();
                long committed = System.nanoTime();
                insert(connection, key);
                awaitPublished(key);
                millis.add((System.nanoTime() - committed) / 1_000_000);
            }
        }
        Collections.sort(millis);
        System.out.printf("From commit to consumer, ms: median %d, all %s%n", millis.get(10), millis);
        long poll = config.lease().dividedBy(3).toMillis(); // which each would take without a signal
        assertThat(millis.get(10)).as("median, ms").isLessThan(poll * 9 / 10);
    }

    @Test
    void publishedRow_isRemoved() throws SQLException {
        String key = key();
        try (Connection connection = database.connect()) {
            insert(connection, key);
        }
        awaitPublished(key);
        await().atMost(PATIENCE).until(
                () -> database.number("SELECT count(*) FROM outbox WHERE key = ?", key) == 0);
    }

    @Test
    void tooLargeMessage_staysInTheOutbox_andBlocksNoOther() throws SQLException {
        String large = key();
        String next = key();
        database.execute("INSERT INTO outbox (topic, key, headers, value) VALUES (?, ?, '{}', "
                + "convert_to(repeat('x', 9000000), 'UTF8'))", Topics.ENTITLEMENT_CHANGED, large);
        String withinLimit = key();
        database.execute("INSERT INTO outbox (topic, key, headers, value) VALUES (?, ?, '{}', "
                + "convert_to(repeat('x', 7000000), 'UTF8'))", Topics.ENTITLEMENT_CHANGED, withinLimit);
        try (Connection connection = database.connect()) {
            insert(connection, next);
        }

        awaitPublished(withinLimit);
        awaitPublished(next);
        assertThat(database.number("SELECT count(*) FROM outbox WHERE key = ?", large)).isEqualTo(1);
        database.execute("DELETE FROM outbox WHERE key = ?", large);
    }

    @Test
    void successor_knowsTheRowsThatACrashedLeaderPublished() {
        List<OutboxRow> rows = List.of(row(UNUSED_ID + 1, key(), 1), row(UNUSED_ID + 2, key(), 1),
                row(UNUSED_ID + 5, key(), 1));
        try (Publisher crashed = Publisher.open(KAFKA)) {
            crashed.publish(rows, () -> true);
            try (Publisher successor = Publisher.open(KAFKA)) {
                assertThat(successor.publishedLast(admin)).isEqualTo(PublishedRows.of(rows));
            }
        }
    }

    @Test
    void successor_doesNotRepublishTheRowsOfACrashedLeader() throws SQLException {
        OutboxRow row = row(UNUSED_ID + 11, key(), 1);
        try (Publisher crashed = Publisher.open(KAFKA)) { // it fences this replica's own leader
            crashed.publish(List.of(row), () -> true);
        }
        String next = key();
        insert(row);
        try (Connection connection = database.connect()) {
            insert(connection, next);
        }

        awaitPublished(next);

        assertThat(published).containsOnlyOnce(row.key());
        assertThat(database.number("SELECT count(*) FROM outbox WHERE id = ?", row.id())).isZero();
    }

    @Test
    void restoredRowWithAPublishedId_isPublished() throws SQLException {
        OutboxRow before = row(UNUSED_ID + 21, key(), 1);
        OutboxRow after = row(before.id(), key(), 2);
        try (Publisher crashed = Publisher.open(KAFKA)) {
            crashed.publish(List.of(before), () -> true);
        }

        insert(after);

        awaitPublished(after.key());
    }

    @Test
    void suspendedLeader_publishesNothingAfterItWakesUp() throws SQLException {
        OutboxRow late = row(UNUSED_ID + 31, key(), 1);
        try (Publisher suspended = Publisher.open(KAFKA); Publisher successor = Publisher.open(KAFKA)) {
            assertThat(successor.publishedLast(admin)).isNotNull();
            assertThatThrownBy(() -> suspended.publish(List.of(late), () -> true)).isInstanceOf(KafkaException.class);
        }
        String next = key();
        try (Connection connection = database.connect()) {
            insert(connection, next);
        }
        awaitPublished(next);
        assertThat(published).doesNotContain(late.key());
    }

    /// As the broker does with a transaction that takes too long.
    @Test
    void leaderWhoseTransactionTheBrokerEnded_staysTheLeader_andPublishesInANewOne() throws Exception {
        try (LogLines log = LogLines.of(RelayChanges.class); Connection connection = database.connect()) {
            String before = key();
            insert(connection, before);
            awaitPublished(before);
            admin.fenceProducers(List.of(Publisher.TRANSACTIONAL_ID)).all().get();

            String after = key();
            insert(connection, after);

            awaitPublished(after);
            assertThat(log.lines()).filteredOn(line -> !line.contains("This replica publishes changes from now on"))
                    .singleElement().asString()
                    .startsWith("WARN The broker ended the transaction").contains("longer than 60 s");
        }
    }

    /// A slow broker can make each call last for as long as a step may take.
    @Test
    void leaderThatIsNoneWhenTheBrokerHasDescribedTheTopic_beginsNoTransaction() throws Exception {
        try (Publisher slow = Publisher.open(KAFKA)) {
            assertThat(slow.publish(List.of(row(UNUSED_ID + 41, key(), 1)), () -> false)).isFalse();

            assertThat(admin.describeTransactions(List.of(Publisher.TRANSACTIONAL_ID))
                    .description(Publisher.TRANSACTIONAL_ID).get().state()).isEqualTo(TransactionState.EMPTY);
        }
    }

    private void awaitPublished(String key) {
        await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> {
            topic.poll(Duration.ofMillis(20)).forEach(record -> published.add(record.key()));
            return published.contains(key);
        });
    }

    private static long insert(Connection connection, String key) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            long id;
            try (ResultSet row = statement.executeQuery("""
                    INSERT INTO outbox (topic, key, headers, value)
                    VALUES ('%s', '%s', '%s', '{}') RETURNING id
                    """.formatted(Topics.ENTITLEMENT_CHANGED, key, headers(key, 1)))) {
                row.next();
                id = row.getLong(1);
            }
            statement.execute("NOTIFY outbox");
            return id;
        }
    }

    private void insert(OutboxRow row) {
        database.execute("INSERT INTO outbox (id, topic, key, headers, value) OVERRIDING SYSTEM VALUE "
                + "VALUES (?, ?, ?, ?::json, ?)", row.id(), row.topic(), row.key(),
                headers(row.key(), Long.parseLong(row.headers().get("ce_sequence"))),
                row.value());
        database.execute("NOTIFY outbox");
    }

    private static OutboxRow row(long id, String key, long version) {
        return new OutboxRow(id, Topics.ENTITLEMENT_CHANGED, key,
                Map.of("ce_id", key + ":" + version, "ce_sequence", Long.toString(version)),
                "{}".getBytes(StandardCharsets.UTF_8), null);
    }

    private static String headers(String key, long version) {
        return "{\"ce_id\": \"%s:%d\", \"ce_sequence\": \"%d\"}".formatted(key, version, version);
    }

    private static String key() {
        return "relay-test-" + UUID.randomUUID();
    }
}
