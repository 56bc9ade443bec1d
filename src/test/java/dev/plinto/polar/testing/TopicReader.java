package dev.plinto.polar.testing;

import dev.plinto.polar.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// Reads a topic's committed records, without a consumer group.
public record TopicReader(String bootstrapServers) {

    /// A message of a change topic.
    public record Message(String topic, String key, long version, String value) {

        public static Message of(ConsumerRecord<String, byte[]> record) {
            String sequence = new String(record.headers().lastHeader(HeaderNames.CE_SEQUENCE).value(),
                    StandardCharsets.UTF_8);
            return new Message(record.topic(), record.key(), Long.parseLong(sequence),
                    record.value() == null ? null : new String(record.value(), StandardCharsets.UTF_8));
        }

        public String name() {
            return topic + "/" + key + ":" + version;
        }
    }

    public static TopicReader ofSandbox() {
        return new TopicReader(SandboxStack.settings().get("kafka.bootstrap.servers"));
    }

    /// All messages from the beginning to the current end; in order within each partition.
    public List<Message> messages(String... topics) {
        return records(topics).stream().map(Message::of).toList();
    }

    /// The same as Kafka records.
    public List<ConsumerRecord<String, byte[]>> records(String... topics) {
        try (Consumer<String, byte[]> consumer = consumer(10)) { // closing awaits the last fetch, at the topic's end
            List<TopicPartition> partitions = partitions(consumer, topics);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    /// The end offsets by partition; empty partitions are left out.
    public Map<Integer, Long> ends(String topic) {
        try (Consumer<String, byte[]> consumer = consumer(ConsumerConfig.DEFAULT_FETCH_MAX_WAIT_MS)) {
            Map<Integer, Long> ends = new HashMap<>();
            consumer.endOffsets(partitions(consumer, topic)).forEach((partition, end) -> {
                if (end > 0) {
                    ends.put(partition.partition(), end);
                }
            });
            return ends;
        }
    }

    /// Kafka's id of the topic; a topic of the same name in another cluster has another id.
    public String id(String topic) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).topicId().toString();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /// A consumer at the current end of the topics; the caller polls and closes it.
    public KafkaConsumer<String, byte[]> tail(String... topics) {
        KafkaConsumer<String, byte[]> consumer = consumer(ConsumerConfig.DEFAULT_FETCH_MAX_WAIT_MS);
        List<TopicPartition> partitions = partitions(consumer, topics);
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        return consumer;
    }

    private static List<TopicPartition> partitions(Consumer<?, ?> consumer, String... topics) {
        return Stream.of(topics)
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    /// @param fetchMillis how long the broker may wait for new records before it answers a fetch
    private KafkaConsumer<String, byte[]> consumer(int fetchMillis) {
        return new KafkaConsumer<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000,
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, fetchMillis,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false),
                new StringDeserializer(), new ByteArrayDeserializer());
    }
}
