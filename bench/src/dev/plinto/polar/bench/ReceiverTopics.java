package dev.plinto.polar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.OwnStack;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// The topics to which receivers write deliveries, and the oracle's reads of them.
final class ReceiverTopics {

    static final int PARTITIONS = 6;

    private final OwnStack stack;

    ReceiverTopics(OwnStack stack) {
        this.stack = stack;
    }

    void create(String... names) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            admin.createTopics(Arrays.stream(names).map(name -> new NewTopic(name, PARTITIONS, (short) 1)).toList())
                    .all().get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }

    Map<TopicPartition, Long> ends(String topic) {
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            return consumer.endOffsets(partitions(topic));
        }
    }

    /// The ids of the new records; fails unless every accepted delivery is there once, byte for byte.
    ///
    /// @param unanswered how many may be there without an answer to the sender: those in flight when the load ended
    Set<String> idsSince(Map<TopicPartition, Long> before, String topic, Set<String> sent, long accepted,
            int unanswered, byte[] body) {
        Set<String> seen = new HashSet<>();
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = partitions(topic);
            consumer.assign(partitions);
            partitions.forEach(partition -> consumer.seek(partition, before.getOrDefault(partition, 0L)));
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    String id = new String(record.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8);
                    if (!sent.contains(id) || !Arrays.equals(body, record.value())) {
                        throw new AssertionError("a record on " + topic + " that was not sent: " + id);
                    }
                    if (!seen.add(id)) {
                        throw new AssertionError("a delivery that is on " + topic + " twice: " + id);
                    }
                }
            }
        }
        assertThat((long) seen.size()).as("deliveries on %s, of those accepted", topic)
                .isBetween(accepted, accepted + unanswered);
        return seen;
    }

    private List<TopicPartition> partitions(String topic) {
        return java.util.stream.IntStream.range(0, PARTITIONS).mapToObj(i -> new TopicPartition(topic, i)).toList();
    }

    private KafkaConsumer<String, byte[]> consumer() {
        return new KafkaConsumer<>(Map.of("bootstrap.servers", stack.bootstrapServers(), "max.poll.records", 5_000),
                new StringDeserializer(), new ByteArrayDeserializer());
    }
}
