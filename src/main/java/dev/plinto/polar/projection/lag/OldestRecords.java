package dev.plinto.polar.projection.lag;

import dev.plinto.polar.projection.ReceivedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// Reads when single records of a raw topic were received, with its own consumer without a group: one record of each
/// partition, which is read again only for another offset. Not thread-safe.
final class OldestRecords implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final int FETCH_BYTES = 16 * 1024; // Kafka returns a larger first batch whole

    private final String topic;
    private final Map<String, Object> kafka;
    private final Map<Integer, Read> read = new HashMap<>();
    private @Nullable KafkaConsumer<byte[], byte[]> consumer;

    private record Read(long offset, Instant receivedAt) {}

    OldestRecords(String topic, Map<String, Object> broker) {
        this.topic = topic;
        kafka = new HashMap<>(broker);
        kafka.put(ConsumerConfig.CLIENT_ID_CONFIG, "plinto-polar-backlog-of-" + topic);
        kafka.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"); // skips what retention deleted meanwhile
        kafka.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        kafka.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
        kafka.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        kafka.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        kafka.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
    }

    /// When the record at the offset, or the next one, was received, by partition; without partitions that have none.
    ///
    /// @throws TimeoutException if the broker does not answer for all partitions in time
    Map<Integer, Instant> receivedAt(Map<Integer, Long> offsets) {
        read.keySet().retainAll(offsets.keySet());
        Map<Integer, Long> unread = new HashMap<>(offsets);
        unread.entrySet().removeIf(wanted -> read.containsKey(wanted.getKey())
                && read.get(wanted.getKey()).offset == wanted.getValue());
        if (!unread.isEmpty()) {
            read(unread);
        }
        return cached(offsets);
    }

    /// The same without reading. If an earlier record of the partition was read last, its time is returned.
    Map<Integer, Instant> cached(Map<Integer, Long> offsets) {
        read.keySet().retainAll(offsets.keySet());
        Map<Integer, Instant> receivedAt = new HashMap<>();
        read.forEach((partition, record) -> receivedAt.put(partition, record.receivedAt));
        return receivedAt;
    }

    private void read(Map<Integer, Long> offsets) {
        KafkaConsumer<byte[], byte[]> consumer = consumer();
        List<TopicPartition> partitions = offsets.keySet().stream().map(this::partition).toList();
        consumer.assign(partitions);
        consumer.resume(partitions);
        offsets.forEach((partition, offset) -> consumer.seek(partition(partition), offset));
        Set<Integer> missing = new HashSet<>(offsets.keySet());
        long began = System.nanoTime();
        while (!missing.isEmpty()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                long offset = Objects.requireNonNull(offsets.get(record.partition()), "an assigned partition");
                read.put(record.partition(), new Read(offset, ReceivedEvent.receivedAt(record)));
                missing.remove(record.partition());
                consumer.pause(List.of(new TopicPartition(record.topic(), record.partition())));
            }
            Set<Integer> ended = new HashSet<>(missing);
            ended.removeIf(partition -> !isAtEnd(consumer, partition(partition)));
            missing.removeAll(ended);
            read.keySet().removeAll(ended); // an earlier record of theirs is projected
            if (!missing.isEmpty() && System.nanoTime() - began > TIMEOUT.toNanos()) {
                throw new TimeoutException("the oldest records of partitions " + missing + " were not read in time");
            }
        }
        consumer.assign(List.of()); // otherwise it would keep fetching
    }

    /// Whether the rest of the partition holds no records, only markers of a producer's transactions.
    private static boolean isAtEnd(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
        return consumer.currentLag(partition).orElse(1) == 0; // empty before the broker's first answer
    }

    /// Created on first use: most of the time no event waits for long enough to be sampled.
    private KafkaConsumer<byte[], byte[]> consumer() {
        KafkaConsumer<byte[], byte[]> existing = consumer;
        if (existing != null) {
            return existing;
        }
        KafkaConsumer<byte[], byte[]> created = new KafkaConsumer<>(kafka, new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer = created;
        return created;
    }

    private TopicPartition partition(int partition) {
        return new TopicPartition(topic, partition);
    }

    @Override
    public void close() {
        if (consumer != null) {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }
}
