package dev.plinto.polar.projection.lag;

import dev.plinto.polar.Topics;
import dev.plinto.polar.projection.ReceivedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// When single records of the raw topic were received: read by a consumer of its own without a group, one record of
/// each partition, and not again while the offset asked for is the same. To be used by one thread.
final class OldestRecords implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int BYTES_OF_A_PARTITION = 16 * 1024; // a first batch that is larger comes all the same

    private final Map<String, Object> kafka;
    private final Map<Integer, Read> read = new HashMap<>();
    private KafkaConsumer<byte[], byte[]> consumer;

    private record Read(long offset, Instant receivedAt) {}

    OldestRecords(Map<String, Object> broker) {
        kafka = new HashMap<>(broker);
        kafka.put(ConsumerConfig.CLIENT_ID_CONFIG, "plinto-polar-backlog");
        kafka.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"); // what retention took meanwhile is over
        kafka.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        kafka.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, BYTES_OF_A_PARTITION);
        kafka.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        kafka.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        kafka.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    }

    /// When the record at the offset, or the next one, was received, by partition; without those that hold none.
    ///
    /// @throws TimeoutException where the broker did not answer for all of them in time
    Map<Integer, Instant> receivedAt(Map<Integer, Long> offsets) {
        read.keySet().retainAll(offsets.keySet());
        Map<Integer, Long> unread = new HashMap<>(offsets);
        unread.entrySet().removeIf(wanted -> read.containsKey(wanted.getKey())
                && read.get(wanted.getKey()).offset == wanted.getValue());
        if (!unread.isEmpty()) {
            read(unread);
        }
        return knownBefore(offsets);
    }

    /// The same without asking: where another record of the partition was read, when that one was received, which was
    /// before.
    Map<Integer, Instant> knownBefore(Map<Integer, Long> offsets) {
        read.keySet().retainAll(offsets.keySet());
        Map<Integer, Instant> receivedAt = new HashMap<>();
        read.forEach((partition, record) -> receivedAt.put(partition, record.receivedAt));
        return receivedAt;
    }

    private void read(Map<Integer, Long> offsets) {
        if (consumer == null) { // most of the time nothing waits for long enough to be seen
            consumer = new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }
        List<TopicPartition> partitions = offsets.keySet().stream()
                .map(partition -> new TopicPartition(Topics.RECEIVED, partition))
                .toList();
        consumer.assign(partitions);
        consumer.resume(partitions);
        partitions.forEach(partition -> consumer.seek(partition, offsets.get(partition.partition())));
        Set<Integer> missing = new HashSet<>(offsets.keySet());
        long began = System.nanoTime();
        while (!missing.isEmpty()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                read.put(record.partition(), new Read(offsets.get(record.partition()),
                        ReceivedEvent.receivedAt(record)));
                missing.remove(record.partition());
                consumer.pause(List.of(new TopicPartition(record.topic(), record.partition())));
            }
            missing.removeIf(partition -> isAtItsEnd(new TopicPartition(Topics.RECEIVED, partition)));
            if (!missing.isEmpty() && System.nanoTime() - began > PATIENCE.toNanos()) {
                throw new TimeoutException("the oldest records of partitions " + missing + " were not read in time");
            }
        }
        consumer.assign(List.of()); // else it would fetch on
    }

    /// What is left of the partition are then marks of a producer's transactions, which are no records.
    private boolean isAtItsEnd(TopicPartition partition) {
        return consumer.currentLag(partition).orElse(1) == 0; // none before the broker's first answer
    }

    @Override
    public void close() {
        if (consumer != null) {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }
}
