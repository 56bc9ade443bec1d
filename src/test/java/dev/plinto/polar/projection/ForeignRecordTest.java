package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.Topics;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/// Records that the ingress did not write: no record may block its partition.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ForeignRecordTest {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final byte[] EVENT = "{\"type\":\"wallet.topped_up\",\"data\":{\"id\":\"w\"}}"
            .getBytes(StandardCharsets.UTF_8);

    @Inject
    Pool database;

    @Test
    void headersThatAreNoCloudEvent_doNotBlockThePartition() throws Exception {
        List<Map<String, String>> odd = List.of(
                Map.of("ce_time", "yesterday"),
                Map.of("ce_time", "2026-11-20T07:00Z"),
                Map.of("ce_source", "not a uri %%"),
                Map.of("ce_dataschema", "::"),
                Map.of("ce_specversion", "9.9"),
                Map.of("content-type", "application/cloudevents+json"),
                Map.of("received-at", "now"));
        for (Map<String, String> headers : odd) {
            String id = "evt_" + UUID.randomUUID();
            ProducerRecord<String, byte[]> record = new ProducerRecord<>(Topics.RECEIVED, id, EVENT);
            Map.of("ce_specversion", "1.0", "ce_id", id, "ce_type", "sh.polar.x", "ce_source", "https://polar.sh")
                    .forEach((name, value) -> record.headers().add(name, utf8(value)));
            headers.forEach((name, value) -> record.headers().remove(name).add(name, utf8(value)));

            publish(record);

            assertThat(row("SELECT outcome FROM inbox WHERE webhook_id = $1", id).getString(0)).as(headers.toString())
                    .isEqualTo("unknown_type");
        }
    }

    @Test
    void recordWithoutHeadersKeyOrValue_isParkedUnderItsOffset() throws Exception {
        RecordMetadata position = publish(new ProducerRecord<>(Topics.RECEIVED, null));

        String name = "unnamed:" + Topics.RECEIVED + ":" + position.partition() + ":" + position.offset();
        assertThat(row("SELECT reason FROM parked WHERE webhook_id = $1", name).getString(0)).isEqualTo("not_an_event");
    }

    private static RecordMetadata publish(ProducerRecord<String, byte[]> record) throws Exception {
        Map<String, Object> settings = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                SandboxStack.settings().get("kafka.bootstrap.servers"));
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            return producer.send(record).get();
        }
    }

    private Row row(String sql, String key) {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20))
                .until(() -> select(sql, key), rows -> rows.size() == 1)
                .iterator().next();
    }

    private RowSet<Row> select(String sql, String key) {
        return database.preparedQuery(sql).execute(Tuple.of(key)).await().atMost(PATIENCE);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
