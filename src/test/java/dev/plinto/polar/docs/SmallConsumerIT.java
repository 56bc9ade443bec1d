package dev.plinto.polar.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.Topics;
import dev.plinto.polar.sandbox.broker.EmbeddedKafka;
import dev.plinto.polar.sandbox.process.FreePort;
import dev.plinto.polar.testing.OwnStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/// The example consumer of the documentation on a real broker, whose partitions end with the marker of a transaction,
/// or are empty.
class SmallConsumerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @Test
    void everyAccountIsRead_althoughTheLastOffsetsAreMarkers() throws Exception {
        Path directory = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "small-consumer-");
        try (EmbeddedKafka broker = EmbeddedKafka.start(directory, FreePort.any(), OwnStack.BROKER_CLASSES)) {
            publish(broker.bootstrapServers());
            SmallConsumer consumer = new SmallConsumer();
            Thread reading = Thread.ofPlatform().start(() -> follow(consumer, broker.bootstrapServers()));
            try {
                await().atMost(PATIENCE).until(consumer::isComplete);
                assertThat(consumer.mayUse("org-1", "exports")).isTrue();
                assertThat(consumer.mayUse("org-2", "exports")).isFalse();
            } finally {
                reading.interrupt();
                reading.join();
            }
        }
    }

    /// One transaction that is committed, and one that is aborted; the other partitions stay empty.
    private static void publish(String brokers) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", brokers, "transactional.id", "small-consumer");
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", brokers));
                var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            admin.createTopics(List.of(new NewTopic(Topics.ENTITLEMENT_CHANGED, 3, (short) 1))).all().get();
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(Topics.ENTITLEMENT_CHANGED, "org-1",
                    SmallConsumerTest.message(7, "exports")));
            producer.commitTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(Topics.ENTITLEMENT_CHANGED, "org-1",
                    SmallConsumerTest.message(7, "exports"))).get();
            producer.abortTransaction();
        }
    }

    private static void follow(SmallConsumer consumer, String brokers) {
        try {
            consumer.follow(brokers);
        } catch (InterruptException ended) {
            return;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
