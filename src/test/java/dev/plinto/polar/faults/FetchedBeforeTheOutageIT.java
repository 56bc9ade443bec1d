package dev.plinto.polar.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.Topics;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.Health;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.RawTopicWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/// The broker fails when records of partitions without earlier reads are fetched and not yet projected. A connector
/// that then requests their committed offsets from it waits a minute and ends its channel.
class FetchedBeforeTheOutageIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PARTITIONS = 6;

    @Test
    void fetchedRecords_areProjectedDuringTheOutage_andTheRestAfterIt() throws Exception {
        try (OwnStack stack = OwnStack.start()) {
            stack.createRawTopic(PARTITIONS);
            Map<String, String> environment = stack.environment();
            environment.put("POLAR_ROLES", "projection");
            Database database = stack.database();
            try (PackagedService service = PackagedService.start(environment)) {
                write(stack, record("first", 0));
                awaitInbox(database, 1);

                stack.postgres().suspend();
                write(stack, record("waits-for-the-database", 0));
                awaitFetched(service, 2);
                for (int partition = 1; partition < PARTITIONS; partition++) {
                    write(stack, record("waits-behind-it-" + partition, partition));
                }
                awaitFetched(service, 2 + 1);
                stack.kafka().kill();
                stack.postgres().resume();

                awaitInbox(database, 2 + 1);
                stack.restartKafka();
                write(stack, record("after-it", 1));
                awaitInbox(database, 2 + PARTITIONS);
                assertThat(Health.of(URI.create(service.baseUrl()), "live").isUp()).isTrue();
            }
        }
    }

    private static void awaitFetched(PackagedService service, int records) {
        await().atMost(PATIENCE).until(
                () -> service.gauge("kafka_consumer_fetch_manager_records_consumed_total").orElse(0) >= records);
    }

    private static void awaitInbox(Database database, int atLeast) {
        await().atMost(PATIENCE).ignoreExceptions()
                .until(() -> database.number("SELECT count(*) FROM inbox") >= atLeast);
    }

    private static void write(OwnStack stack, ProducerRecord<String, byte[]> record) {
        try (RawTopicWriter writer = stack.writer()) {
            writer.write(List.of(record));
        }
    }

    private static ProducerRecord<String, byte[]> record(String webhookId, int partition) {
        ProducerRecord<String, byte[]> record = RawTopicWriter.record(webhookId, """
                {"type":"refund.created","timestamp":"2026-11-01T00:00:00Z","data":{"id":"r","customer_id":"c"}}"""
                .getBytes(StandardCharsets.UTF_8));
        return new ProducerRecord<>(Topics.RECEIVED, partition, record.key(), record.value(), record.headers());
    }
}
