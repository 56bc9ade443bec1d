package dev.plinto.polar.testing;

import dev.plinto.polar.Envelope;
import dev.plinto.polar.HeaderNames;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.Topics;
import dev.plinto.polar.polar.PolarEnvelope;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Puts events on the raw topic as the ingress does, without its HTTP.
public final class RawTopicWriter implements AutoCloseable {

    private final KafkaProducer<String, byte[]> producer;

    public RawTopicWriter(String bootstrapServers) {
        producer = new KafkaProducer<>(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                ProducerConfig.LINGER_MS_CONFIG, 5), new StringSerializer(), new ByteArraySerializer());
    }

    public static RawTopicWriter toSandbox() {
        return new RawTopicWriter(SandboxStack.settings().get("kafka.bootstrap.servers"));
    }

    /// A delivery's record, as the contract defines it.
    public static ProducerRecord<String, byte[]> record(String webhookId, byte[] body) {
        Optional<Envelope> envelope = PolarEnvelope.scan(body);
        var record = new ProducerRecord<>(Topics.RECEIVED,
                envelope.map(Envelope::subject).orElse(webhookId), body);
        header(record, HeaderNames.CE_SPECVERSION, "1.0");
        header(record, HeaderNames.CE_ID, webhookId);
        header(record, HeaderNames.CE_TYPE, "sh.polar." + envelope.map(Envelope::type).orElse("unparseable"));
        header(record, HeaderNames.CE_SOURCE, "https://polar.sh");
        envelope.map(Envelope::timestamp).ifPresent(time -> header(record, HeaderNames.CE_TIME, time));
        header(record, HeaderNames.CONTENT_TYPE, "application/json");
        header(record, HeaderNames.RECEIVED_AT, Rfc3339.format(Clock.systemUTC().instant()));
        header(record, HeaderNames.ORIGIN, "webhook");
        return record;
    }

    public static ProducerRecord<String, byte[]> record(WebhookEvent event) {
        return record(event.webhookId(), event.body());
    }

    public static ProducerRecord<String, byte[]> header(ProducerRecord<String, byte[]> record, String name,
            String value) {
        record.headers().remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));
        return record;
    }

    /// Returns when the broker has acknowledged all.
    public void write(Collection<ProducerRecord<String, byte[]>> records) {
        List<Future<RecordMetadata>> sent = records.stream().map(producer::send).toList();
        producer.flush();
        for (Future<RecordMetadata> one : sent) {
            try {
                one.get();
            } catch (InterruptedException | ExecutionException failure) {
                throw new IllegalStateException(failure);
            }
        }
    }

    public void writeEvents(Collection<WebhookEvent> events) {
        write(events.stream().map(RawTopicWriter::record).toList());
    }

    @Override
    public void close() {
        producer.close();
    }
}
