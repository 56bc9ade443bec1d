package dev.plinto.polar.relay;

import dev.plinto.polar.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Publishes outbox rows in Kafka transactions under one transactional id. Opening a publisher fences every earlier
/// publisher: a leader that was suspended and wakes up cannot publish any more.
///
/// Each transaction also commits a note of the rows that it published, as the metadata of an offset of a consumer group
/// without members. A successor reads the note, so that it does not publish those rows again if they were not removed.
final class Publisher implements AutoCloseable {

    /// The largest message of the change topics, and the producer's overhead.
    private static final int MAX_REQUEST_BYTES = Topics.LARGEST_CHANGE + 64 * 1024;

    static final String TRANSACTIONAL_ID = "plinto-polar-relay";
    static final String GROUP = "plinto-polar-relay";

    private static final TopicPartition NOTE_PARTITION = new TopicPartition(Topics.ENTITLEMENT_CHANGED, 0);

    /// A broker under load may take 8 s to make a request durable. A request that is given up is sent again, and waits
    /// as long again: with a shorter limit, no transaction would ever succeed.
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

    /// A commit waits for the last messages first, and up to twice more for the end of the transaction before.
    static final Duration LONGEST_CALL = LONGEST_ANSWER.multipliedBy(3);

    /// Each step of a transaction may take an answer or two: to add partitions and offsets to it, the messages, the
    /// note, the commit. Consumers with `read_committed` wait that long, and up to 10 s more, behind an abandoned
    /// transaction, unless a successor ends it first: it does so when it opens.
    static final Duration LONGEST_TRANSACTION = LONGEST_ANSWER.multipliedBy(6);

    private final KafkaProducer<String, byte[]> producer;

    private Publisher(KafkaProducer<String, byte[]> producer) {
        this.producer = producer;
    }

    static Publisher open(Map<String, Object> broker) {
        Map<String, Object> kafka = new HashMap<>(broker);
        kafka.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, TRANSACTIONAL_ID);
        kafka.put(ProducerConfig.ACKS_CONFIG, "all");
        kafka.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
        kafka.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (int) LONGEST_CALL.toMillis());
        kafka.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) LONGEST_ANSWER.toMillis());
        // A broker answers the requests of a connection one after another. The time that each may take begins when it
        // is sent, so it must not wait for others that are slow.
        kafka.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        // So that a transaction has few of them.
        kafka.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        // For a few milliseconds, the broker refuses a transaction while it still writes the end of the last one. With
        // Kafka's default of 100 ms there would be ten transactions a second.
        kafka.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5);
        kafka.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) LONGEST_CALL.toMillis());
        kafka.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) LONGEST_TRANSACTION.toMillis());
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

    /// The rows that the latest transaction of any publisher published.
    PublishedRows publishedLast(Admin admin) {
        try {
            OffsetAndMetadata note = admin
                    .listConsumerGroupOffsets(GROUP, new ListConsumerGroupOffsetsOptions().requireStable(true))
                    .partitionsToOffsetAndMetadata().get().get(NOTE_PARTITION);
            return note == null ? PublishedRows.NONE : PublishedRows.decode(note.metadata());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        } catch (ExecutionException failed) {
            throw new KafkaException("cannot read which rows the relay published last", failed.getCause());
        }
    }

    /// The first of the rows, as many as one transaction's note can name.
    static List<OutboxRow> fitting(List<OutboxRow> rows) {
        List<OutboxRow> fitting = rows;
        while (PublishedIds.encode(fitting.stream().map(OutboxRow::id).toList()).length() > PublishedIds.MAX_LENGTH) {
            fitting = fitting.subList(0, fitting.size() / 2);
        }
        return fitting;
    }

    /// True when all rows are published; false if the caller may not continue. If it throws, none is published, or it
    /// is unknown: then the next publisher learns it by [#publishedLast(Admin)].
    ///
    /// @param mayContinue asked before the transaction begins and before its commit, so that no more than one call of
    ///                    Kafka that waits for the broker lies between two questions
    boolean publish(List<OutboxRow> rows, BooleanSupplier mayContinue) {
        for (String topic : rows.stream().map(OutboxRow::topic).distinct().toList()) {
            // Fails after one wait if the broker is away; each message would wait for its topic again.
            producer.partitionsFor(topic);
            if (!mayContinue.getAsBoolean()) {
                return false;
            }
        }
        producer.beginTransaction();
        try {
            rows.forEach(row -> producer.send(record(row)));
            producer.sendOffsetsToTransaction(
                    Map.of(NOTE_PARTITION, new OffsetAndMetadata(rows.getLast().id(), PublishedRows.of(rows).encode())),
                    new ConsumerGroupMetadata(GROUP));
            if (!mayContinue.getAsBoolean()) {
                abort();
                return false;
            }
            producer.commitTransaction(); // flushes, and fails if any row was not written
            return true;
        } catch (TimeoutException silent) { // an abort would wait as long again; the next publisher aborts it
            throw silent;
        } catch (RuntimeException failed) {
            abort();
            throw failed;
        }
    }

    /// Fails if fenced: then the successor has aborted the transaction already.
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
