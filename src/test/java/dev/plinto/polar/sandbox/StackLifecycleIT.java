package dev.plinto.polar.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.sandbox.broker.EmbeddedKafka;
import dev.plinto.polar.sandbox.database.EmbeddedPostgres;
import dev.plinto.polar.sandbox.process.FreePort;
import dev.plinto.polar.sandbox.process.SandboxFailure;
import dev.plinto.polar.testing.Database;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Broker and database as processes: crash, second start, restart.
class StackLifecycleIT {

    private static final TopicPartition TOPIC = new TopicPartition("kept", 0);

    @TempDir
    Path directory;

    @Test
    void killedParent_leavesNoOrphan_andTheNextStartFindsItsData() throws Exception {
        StackProcess first = StackProcess.launch(directory).awaitUp();
        createTopic(first.setting("kafka.bootstrap.servers"));
        send(first.setting("kafka.bootstrap.servers"), "a record");
        Database.of(first::setting).execute("create table kept as select 'a row' as value");
        List<ProcessHandle> children = first.descendants();
        assertThat(children).hasSizeGreaterThan(3);

        first.kill();

        StackProcess second = StackProcess.launch(directory).awaitUp(); // while the first may still be stopping
        try {
            assertThat(children).noneMatch(ProcessHandle::isAlive);
            assertThat(readRecord(second.setting("kafka.bootstrap.servers"))).isEqualTo("a record");
            assertThat(Database.of(second::setting).column("select value from kept")).containsExactly("a row");
        } finally {
            List<ProcessHandle> last = second.descendants();
            second.kill();
            await().atMost(Duration.ofSeconds(20)).until(() -> last.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    @Test
    void secondStartOnTheSameDirectory_isRefusedNamingTheFirst() throws Exception {
        StackProcess first = StackProcess.launch(directory).awaitUp();
        List<ProcessHandle> children = first.descendants();
        try {
            StackProcess second = StackProcess.launch(directory);

            assertThat(second.process().onExit().join().exitValue()).isNotZero();
            assertThat(second.text())
                    .contains("already running, as process " + first.process().pid() + ": use that one, or stop it");
            assertThat(children).allMatch(ProcessHandle::isAlive);
        } finally {
            first.kill();
            await().atMost(Duration.ofSeconds(20)).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    @Test
    void takenPort_isSkipped() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(FreePort.from(taken.getLocalPort())).isGreaterThan(taken.getLocalPort());
        }
    }

    @Test
    void killedServers_restartOnTheirData() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("pg"), FreePort.any())) {
            Database.of(postgres).execute("create table kept as select 'a row' as value");
            postgres.kill();
            assertThat(postgres.isAlive()).isFalse();
            try (EmbeddedPostgres again = postgres.restart()) {
                assertThat(Database.of(again).column("select value from kept")).containsExactly("a row");
            }
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), FreePort.any())) {
            createTopic(kafka.bootstrapServers());
            send(kafka.bootstrapServers(), "a record");
            kafka.kill();
            assertThat(kafka.isAlive()).isFalse();
            try (EmbeddedKafka again = kafka.restart()) {
                assertThat(readRecord(again.bootstrapServers())).isEqualTo("a record");
            }
        }
    }

    @Test
    void serverThatCannotStart_namesCauseAndRemedy() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(catchThrowable(
                    () -> EmbeddedPostgres.start(directory.resolve("pg"), taken.getLocalPort())))
                    .isInstanceOf(SandboxFailure.class)
                    .hasMessageContainingAll("PostgreSQL ended with exit code", "Address already in use", "What to do");
            assertThat(catchThrowable(() -> EmbeddedKafka.start(directory.resolve("kafka"), taken.getLocalPort())))
                    .isInstanceOf(SandboxFailure.class)
                    .hasMessageContainingAll("Kafka broker ended with exit code", "already in use", "What to do");
        }
    }

    @Test
    void suspendedDatabase_answersAgainOnceResumed() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("pg"), FreePort.any())) {
            postgres.suspend();
            var impatient = new Database(postgres.jdbcUrl() + "?connectTimeout=1&loginTimeout=1&socketTimeout=1",
                    EmbeddedPostgres.USER, EmbeddedPostgres.PASSWORD);
            assertThat(catchThrowable(impatient::connect)).hasCauseInstanceOf(SQLException.class);

            postgres.resume();
            Database.of(postgres).execute("select 1");
        }
    }

    private static void createTopic(String brokers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            admin.createTopics(List.of(new NewTopic(TOPIC.topic(), 1, (short) 1))).all().get();
        }
    }

    private static void send(String brokers, String value) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers, "acks", "all"), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(TOPIC.topic(), value)).get();
        }
    }

    private static String readRecord(String brokers) {
        try (var consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", brokers),
                new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(TOPIC));
            consumer.seekToBeginning(List.of(TOPIC));
            return await().atMost(Duration.ofSeconds(20))
                    .until(() -> consumer.poll(Duration.ofMillis(500)), records -> !records.isEmpty())
                    .iterator().next().value();
        }
    }
}
