package dev.plinto.polar.testing;

import static org.awaitility.Awaitility.await;

import dev.plinto.polar.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// The records of a topic of [SandboxStack]'s broker, read from its beginning and without a group.
public final class ReceivedTopic {

    /// Waits for a record of the raw topic with this `ce_id`, and returns the newest.
    public static ConsumerRecord<String, byte[]> record(String webhookId) {
        return withId(Topics.RECEIVED, webhookId);
    }

    /// The same of another provider's raw topic.
    public static ConsumerRecord<String, byte[]> withId(String topic, String id) {
        return newest(topic, record -> id.equals(headers(record).get("ce_id")));
    }

    /// Waits for a record with this key, and returns the newest.
    public static ConsumerRecord<String, byte[]> newest(String topic, String key) {
        return newest(topic, record -> key.equals(record.key()));
    }

    public static Map<String, String> headers(ConsumerRecord<?, ?> record) {
        Map<String, String> headers = new TreeMap<>();
        record.headers()
                .forEach(header -> headers.merge(header.key(), new String(header.value(), StandardCharsets.UTF_8),
                        (a, b) -> a + " and " + b));
        return headers;
    }

    private interface Wanted {
        boolean is(ConsumerRecord<String, byte[]> record);
    }

    private static ConsumerRecord<String, byte[]> newest(String topic, Wanted wanted) {
        return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(50))
                .until(() -> all(topic).stream().filter(wanted::is).toList(), found -> !found.isEmpty())
                .getLast();
    }

    private static List<ConsumerRecord<String, byte[]>> all(String topic) {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, SandboxStack.settings().get("kafka.bootstrap.servers"),
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10, // closing awaits the last fetch, at the topic's end
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    private ReceivedTopic() {}
}
