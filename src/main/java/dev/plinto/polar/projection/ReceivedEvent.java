package dev.plinto.polar.projection;

import dev.plinto.polar.HeaderNames;
import dev.plinto.polar.Topics;
import dev.plinto.polar.polar.EventReader;
import dev.plinto.polar.polar.Reading;
import dev.plinto.polar.polar.Snapshot;
import dev.plinto.polar.telemetry.Trace;
import dev.plinto.polar.telemetry.Tracing;
import io.opentelemetry.api.trace.SpanKind;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/// A record of the raw topic, and what we make of it.
///
/// @param subject what it is about, as the topic is keyed; null where the key is none that could be stored
/// @param trace   from when it was read to the commit
public record ReceivedEvent(String webhookId, String subject, Instant receivedAt, String origin, byte[] body,
        Reading reading, Trace trace) {

    private static final String STEP = "process " + Topics.RECEIVED;

    private static final int LONGEST_NAME = 256;
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    static ReceivedEvent of(ConsumerRecord<String, byte[]> record, EventReader reader, Tracing tracing) {
        byte[] body = record.value() == null ? new byte[0] : record.value();
        Trace trace = tracing.isOn() ? trace(record, tracing) : Trace.NONE;
        // Our own publisher always sets the headers; somebody else's record still must not stop the partition.
        String webhookId = header(record, HeaderNames.CE_ID).filter(ReceivedEvent::isName)
                .orElseGet(() -> "unnamed:" + record.topic() + ":" + record.partition() + ":" + record.offset());
        boolean isSnapshot = header(record, HeaderNames.CE_TYPE).filter(Snapshot.TYPE::equals).isPresent();
        return new ReceivedEvent(
                webhookId,
                Optional.ofNullable(record.key()).filter(ReceivedEvent::isName).orElse(null),
                receivedAt(record),
                header(record, HeaderNames.ORIGIN).filter(ReceivedEvent::isName).orElse("unknown"),
                body,
                isSnapshot ? reader.readSnapshot(webhookId, body) : reader.read(webhookId, body),
                trace);
    }

    /// Where the record belongs to no trace, as a repair or a replay, one begins with it.
    private static Trace trace(ConsumerRecord<String, byte[]> record, Tracing tracing) {
        return tracing.begin(SpanKind.CONSUMER, STEP, header(record, HeaderNames.TRACEPARENT).orElse(null))
                .with("messaging.system", "kafka")
                .with("messaging.operation.type", "process")
                .with("messaging.destination.name", record.topic())
                .with("messaging.destination.partition.id", Integer.toString(record.partition()))
                .with("messaging.kafka.offset", record.offset());
    }

    /// When we took it in; where the record does not say so, when the broker got it.
    public static Instant receivedAt(ConsumerRecord<?, ?> record) {
        return header(record, HeaderNames.RECEIVED_AT).flatMap(ReceivedEvent::time)
                .orElseGet(() -> Instant.ofEpochMilli(record.timestamp()));
    }

    /// Null where the body is no event.
    String type() {
        return switch (reading) {
            case Reading.Understood understood -> understood.event().cause().eventType();
            case Reading.UnknownType unknown -> unknown.type();
            case Reading.Malformed malformed -> malformed.type();
            case Reading.OtherMerchant other -> other.type();
            case Reading.NotAnEvent nothing -> null;
        };
    }

    /// Whether reconciliation let it in.
    boolean isRepair() {
        return origin.equals("reconcile");
    }

    private static Optional<String> header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null || header.value().length == 0
                ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }

    /// As the ingress limits webhook ids. What is longer or stranger may be impossible to store, and an event
    /// that can neither be applied nor parked would stop its partition.
    private static boolean isName(String text) {
        return !text.isEmpty() && text.length() <= LONGEST_NAME && text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text)).filter(time -> time.isAfter(EARLIEST) && time.isBefore(LATEST));
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }
}
