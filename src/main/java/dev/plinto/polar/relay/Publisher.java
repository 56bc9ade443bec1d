package dev.plinto.polar.relay;

import dev.plinto.polar.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Publishes outbox rows in Kafka transactions under one transactional id. Opening a publisher fences every earlier one:
/// a leader that was suspended and wakes up can no longer publish anything.
///
/// Each transaction also notes which rows it published, as the metadata of an offset of a consumer group without
/// members. A successor reads the note, so that rows which were published but not yet removed are not published twice.
final class Publisher implements AutoCloseable {

    /// What the change topics take in one message ([dev.plinto.polar.Topics#LARGEST_CHANGE]) and the producer's overhead.
    private static final int LARGEST_REQUEST = Topics.LARGEST_CHANGE + 64 * 1024;

    static final String TRANSACTIONAL_ID = "plinto-polar-relay";
    static final String GROUP = "plinto-polar-relay";

    private static final TopicPartition NOTE = new TopicPartition(Topics.ENTITLEMENT_CHANGED, 0);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final KafkaProducer<String, byte[]> producer;

    private Publisher(KafkaProducer<String, byte[]> producer) {
        this.producer = producer;
    }

    static Publisher open(Map<String, Object> broker) {
        Map<String, Object> kafka = new HashMap<>(broker);
        kafka.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, TRANSACTIONAL_ID);
        kafka.put(ProducerConfig.ACKS_CONFIG, "all");
        kafka.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_REQUEST);
        kafka.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (int) ANSWER.toMillis());
        kafka.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        // The broker refuses a transaction while it still writes the end of the one before, for a few milliseconds. With
        // Kafka's 100 ms there would be ten transactions a second.
        kafka.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5);
        kafka.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) ANSWER.toMillis());
        // Until an abandoned transaction ends, consumers that read committed wait behind it.
        kafka.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) ANSWER.toMillis());
        KafkaProducer<String, byte[]> producer = new KafkaProducer<>(kafka, new StringSerializer(),
                new ByteArraySerializer());
        try {
            producer.initTransactions();
            return new Publisher(producer);
        } catch (RuntimeException failed) {
            producer.close(Duration.ZERO);
            throw failed;
        }
    }

    /// The rows that the newest transaction of any publisher carried.
    PublishedRows publishedLast(Admin admin) {
        try {
            OffsetAndMetadata note = admin
                    .listConsumerGroupOffsets(GROUP, new ListConsumerGroupOffsetsOptions().requireStable(true))
                    .partitionsToOffsetAndMetadata().get().get(NOTE);
            return note == null ? PublishedRows.NONE : PublishedRows.decode(note.metadata());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        } catch (ExecutionException failed) {
            throw new KafkaException("the relay's note cannot be read", failed.getCause());
        }
    }

    /// As many of the rows as one transaction's note can name.
    static List<OutboxRow> fitting(List<OutboxRow> rows) {
        List<OutboxRow> fitting = rows;
        while (PublishedIds.encode(fitting.stream().map(OutboxRow::id).toList()).length() > PublishedIds.LONGEST) {
            fitting = fitting.subList(0, fitting.size() / 2);
        }
        return fitting;
    }

    /// Returns when all rows are published. When it throws, none is, or the broker has not said: the next publisher's
    /// [#publishedLast(Admin)] tells.
    void publish(List<OutboxRow> rows) {
        producer.beginTransaction();
        try {
            rows.forEach(row -> producer.send(record(row)));
            producer.sendOffsetsToTransaction(
                    Map.of(NOTE, new OffsetAndMetadata(rows.getLast().id(), PublishedRows.of(rows).encode())),
                    new ConsumerGroupMetadata(GROUP));
            producer.commitTransaction(); // flushes, and fails if a single row was not taken
        } catch (RuntimeException failed) {
            abort();
            throw failed;
        }
    }

    /// In vain when fenced; then the successor has aborted it already.
    private void abort() {
        try {
            producer.abortTransaction();
        } catch (RuntimeException alsoFailed) {
            // the first failure says more
        }
    }

    private static ProducerRecord<String, byte[]> record(OutboxRow row) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(row.topic(), row.key(), row.value());
        row.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
