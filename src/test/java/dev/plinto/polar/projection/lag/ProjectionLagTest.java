package dev.plinto.polar.projection.lag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.HeaderNames;
import dev.plinto.polar.Topics;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.PrometheusText;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SuspendedBroker;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.annotation.Identifier;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/// The lag is reported even while no consumer projects.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ProjectionLagTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SAMPLES = Duration.ofMillis(600); // several, see polar.metrics.period

    @TestHTTPResource("/")
    URI service;

    @Inject
    @Identifier("default-kafka-broker")
    Map<String, Object> kafka;

    @Inject
    Admin admin;

    @Inject
    Pool pool;

    @Test
    void hangingConsumer_increasesTheLagOfItsPartitionOnly() throws Exception {
        awaitIdle();
        try (Connection connection = Database.ofSandbox().connect();
                Statement statement = connection.createStatement();
                RawTopicWriter rawTopic = RawTopicWriter.toSandbox()) {
            hang(connection, statement);
            Instant receivedAt = Instant.now().minusSeconds(100).truncatedTo(ChronoUnit.MICROS);
            String customer = UUID.randomUUID().toString();
            rawTopic.write(List.of(event(customer, receivedAt), event(customer, Instant.now())));

            await().atMost(PATIENCE).until(() -> oldestPending() > 100);
            String partition = onlyLagging();
            double lag = lag().get(partition);
            assertThat(lag).isBetween(100.0, 140.0);
            await().atMost(PATIENCE).until(() -> lag().get(partition) > lag && oldestPending() > lag);
            assertThat(onlyLagging()).isEqualTo(partition);
            assertThat(freshSample()).containsEntry(Integer.parseInt(partition), Optional.of(receivedAt));

            connection.rollback();
        }
        awaitIdle();
        double idle = oldestPending();
        await().during(SAMPLES).atMost(PATIENCE).until(() -> oldestPending() == idle
                && lag().values().stream().allMatch(seconds -> seconds == 0));
        assertThat(freshSample().values()).allMatch(Optional::isEmpty);
    }

    @Test
    void brokerAway_lagKeepsGrowing_untilProjected_thenIsUnknown() throws Exception {
        awaitIdle();
        try (Connection connection = Database.ofSandbox().connect();
                Statement statement = connection.createStatement();
                RawTopicWriter rawTopic = RawTopicWriter.toSandbox()) {
            hang(connection, statement);
            rawTopic.write(List.of(event(UUID.randomUUID().toString(), Instant.now().minusSeconds(100))));
            await().atMost(PATIENCE).until(() -> oldestPending() > 100);
            String partition = onlyLagging();

            SuspendedBroker suspended = new SuspendedBroker();
            try (suspended) {
                await().atMost(PATIENCE).untilAsserted(() -> assertThat(lag()).allSatisfy(
                        (each, seconds) -> assertThat(seconds.isNaN()).as(each).isEqualTo(!each.equals(partition))));
                double lag = lag().get(partition);
                assertThat(lag).isGreaterThan(100);
                await().atMost(PATIENCE).until(() -> oldestPending() > lag);

                connection.rollback(); // the consumer already has the event

                await().atMost(PATIENCE).untilAsserted(
                        () -> assertThat(oldestPending()).as("%s", lag()).isNaN());
            }
        }
        awaitIdle();
    }

    /// The marker of a transaction's end takes an offset too, but is no event.
    @Test
    void transactionMarker_doesNotCountAsWaiting() throws Exception {
        awaitIdle();
        Map<String, Object> transactional = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, SandboxStack.settings().get("kafka.bootstrap.servers"),
                ProducerConfig.TRANSACTIONAL_ID_CONFIG, UUID.randomUUID().toString());
        String customer = UUID.randomUUID().toString();
        ProducerRecord<String, byte[]> event = event(customer, Instant.now().minusSeconds(100));
        try (Connection connection = Database.ofSandbox().connect();
                Statement statement = connection.createStatement();
                var producer = new KafkaProducer<>(transactional, new StringSerializer(), new ByteArraySerializer())) {
            hang(connection, statement);
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(event);
            producer.commitTransaction();
            await().atMost(PATIENCE).until(() -> oldestPending() > 100); // the event before the marker was sampled
            connection.rollback();
        }
        String id = new String(event.headers().lastHeader(HeaderNames.CE_ID).value(), StandardCharsets.UTF_8);
        await().atMost(PATIENCE)
                .until(() -> Database.ofSandbox().number("SELECT count(*) FROM inbox WHERE webhook_id = ?", id) == 1);

        assertThat(freshSample().values()).allMatch(Optional::isEmpty);
        try (RawTopicWriter rawTopic = RawTopicWriter.toSandbox()) { // for tests that await the stored position's end
            rawTopic.write(List.of(event(customer, Instant.now())));
        }
        awaitIdle();
    }

    /// The sample of a replica that just started and has no earlier one; retried after a timeout.
    private Map<Integer, Optional<Instant>> freshSample() {
        return await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            try (BacklogSample sample = new BacklogSample(Topics.RECEIVED, admin, kafka, pool, partitions -> {})) {
                return sample.read().oldest();
            }
        }, sample -> true);
    }

    /// Blocks all transactions of the projection until this one ends.
    private static void hang(Connection connection, Statement statement) throws SQLException {
        connection.setAutoCommit(false);
        statement.execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE");
    }

    private static ProducerRecord<String, byte[]> event(String customer, Instant receivedAt) {
        return RawTopicWriter.header(RawTopicWriter.record("evt_" + UUID.randomUUID(), """
                {"type":"order.paid","timestamp":"2026-11-01T00:00:00Z","data":{"id":"o","customer_id":"%s"}}"""
                .formatted(customer).getBytes(StandardCharsets.UTF_8)), HeaderNames.RECEIVED_AT,
                receivedAt.toString());
    }

    private void awaitIdle() {
        await().atMost(Duration.ofSeconds(40)).until(() -> oldestPending() == 0
                && lag().values().stream().allMatch(seconds -> seconds == 0));
    }

    private String onlyLagging() {
        Set<String> lagging = new TreeSet<>();
        lag().forEach((partition, seconds) -> {
            if (seconds > 0) {
                lagging.add(partition);
            }
        });
        assertThat(lagging).hasSize(1);
        return lagging.iterator().next();
    }

    private Map<String, Double> lag() {
        return PrometheusText.of(service).values("polar_partition_lag_seconds", "partition");
    }

    private double oldestPending() {
        return PrometheusText.of(service).value("polar_oldest_pending_seconds", "stage=projected");
    }
}
