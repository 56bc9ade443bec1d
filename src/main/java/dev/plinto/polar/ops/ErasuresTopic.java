package dev.plinto.polar.ops;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.ExactJson;
import dev.plinto.polar.Topics;
import dev.plinto.polar.privacy.ToldErasure;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// Reads all erasures from their topic, without a consumer group.
@ApplicationScoped
class ErasuresTopic {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /// Without a record.
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

    private final Map<String, Object> kafka;

    ErasuresTopic(@Identifier("default-kafka-broker") Map<String, Object> broker) {
        kafka = new HashMap<>(broker);
        kafka.put(ConsumerConfig.CLIENT_ID_CONFIG, "plinto-polar-erasures");
        kafka.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        kafka.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        kafka.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        kafka.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
    }

    /// The newest of each organization. Blocks.
    ///
    /// @throws org.apache.kafka.common.KafkaException if the broker does not answer
    /// @throws IllegalStateException if a record is no erasure
    List<ToldErasure> all() {
        KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(kafka, new StringDeserializer(),
                new ByteArrayDeserializer());
        try {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.ERASURES).stream()
                    .map(partition -> new TopicPartition(Topics.ERASURES, partition.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return read(consumer, consumer.endOffsets(partitions));
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    private static List<ToldErasure> read(KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
        Map<String, ToldErasure> newest = new LinkedHashMap<>();
        long heard = System.nanoTime();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                newest.put(record.key(), erasure(record));
                heard = System.nanoTime();
            }
            if (System.nanoTime() - heard > LONGEST_SILENCE.toNanos()) {
                throw new TimeoutException("the topic " + Topics.ERASURES + " was not read to its end in time");
            }
        }
        return List.copyOf(newest.values());
    }

    private static ToldErasure erasure(ConsumerRecord<String, byte[]> record) {
        try {
            JsonNode json = ExactJson.read(record.value());
            String until = json.required("erased_until").textValue();
            return new ToldErasure(record.key(), until == null ? null : Instant.parse(until),
                    json.required("last_version").longValue(),
                    StreamSupport.stream(json.required("customers").spliterator(), false).map(JsonNode::textValue)
                            .toList());
        } catch (IOException | RuntimeException unreadable) {
            throw new IllegalStateException("the record at %s is no erasure; nobody but this service may write there"
                    .formatted(record.topic() + "-" + record.partition() + "@" + record.offset()), unreadable);
        }
    }
}
