package dev.plinto.polar.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaClusterTest {

    @TempDir
    Path directory;

    private List<EmbeddedKafka> brokers;
    private Map<String, Object> connection;

    @BeforeEach
    void startThree() {
        brokers = EmbeddedKafka.startCluster(directory, 3);
        connection = Map.of("bootstrap.servers", brokers.stream()
                .map(EmbeddedKafka::bootstrapServers).collect(Collectors.joining(",")));
    }

    @AfterEach
    void stop() {
        brokers.forEach(EmbeddedKafka::kill);
    }

    @Test
    void oneOfThreeKilled_theOthersTakeRecords_andItComesBack() throws Exception {
        try (Admin admin = Admin.create(connection)) {
            var topic = new NewTopic("replicated", 3, (short) 3).configs(Map.of("min.insync.replicas", "2"));
            admin.createTopics(List.of(topic)).all().get();
            // As on a new production cluster; exactly-once's newest protocol depends on it.
            assertThat(admin.describeFeatures().featureMetadata().get().finalizedFeatures()
                    .get("transaction.version").maxVersionLevel()).isEqualTo((short) 2);
        }
        EmbeddedKafka killed = brokers.getFirst();
        killed.kill();

        var settings = new HashMap<>(connection);
        settings.put("acks", "all");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int partition = 0; partition < 3; partition++) {
                producer.send(new ProducerRecord<>("replicated", partition, null, "a record")).get();
            }
        }
        try (EmbeddedKafka again = killed.restart()) {
            assertThat(again.isAlive()).isTrue();
            assertThat(again.port()).isEqualTo(killed.port());
        }
    }
}
