package dev.plinto.polar.projection;

import dev.plinto.polar.HeaderNames;
import dev.plinto.polar.conekta.ConektaDialect;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.polar.BodyEquality;
import dev.plinto.polar.polar.Snapshot;
import dev.plinto.polar.telemetry.Trace;
import dev.plinto.polar.telemetry.Tracing;
import io.opentelemetry.api.trace.SpanKind;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// A record of a raw topic, with the event that was read from it.
///
/// @param webhookId under which the event is stored
/// @param subject what the event is about: the record's key; null if the key is missing or cannot be stored
/// @param ownType the record's `ce_type` if it states that this service made the event; null for a delivery
/// @param trace   from the reading of the record to the commit
public record ReceivedEvent(String webhookId, @Nullable String subject, Instant receivedAt, String origin, byte[] body,
        @Nullable String ownType, Reading reading, Trace trace) {

    private static final int MAX_NAME_LENGTH = 256;
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    static ReceivedEvent of(ConsumerRecord<String, byte[]> record, EventReadings reader, Tracing tracing) {
        byte[] body = record.value() == null ? new byte[0] : record.value();
        Trace trace = tracing.isOn() ? trace(record, tracing) : Trace.NONE;
        // The ingress always sets the headers; a record from another producer must not stop the partition either.
        String webhookId = reader.storedId(record.topic(), header(record, HeaderNames.CE_ID)
                .filter(ReceivedEvent::isName)
                .orElseGet(() -> "unnamed:" + record.topic() + ":" + record.partition() + ":" + record.offset()));
        Optional<String> ownType = header(record, HeaderNames.CE_TYPE)
                .filter(Snapshot::isOwnType).filter(ReceivedEvent::isName);
        return new ReceivedEvent(
                webhookId,
                Optional.ofNullable(record.key()).filter(ReceivedEvent::isName)
                        .map(key -> reader.storedId(record.topic(), key)).orElse(null),
                receivedAt(record),
                header(record, HeaderNames.ORIGIN).filter(ReceivedEvent::isName).orElse("unknown"),
                body,
                ownType.orElse(null),
                ownType.map(type -> reader.readOwn(type, webhookId, body))
                        .orElseGet(() -> reader.read(webhookId, body)),
                trace);
    }

    /// A record without a trace, such as a repair or a replay, starts a new trace.
    private static Trace trace(ConsumerRecord<String, byte[]> record, Tracing tracing) {
        return tracing.begin(SpanKind.CONSUMER, "process " + record.topic(),
                header(record, HeaderNames.TRACEPARENT).orElse(null))
                .with("messaging.system", "kafka")
                .with("messaging.operation.type", "process")
                .with("messaging.destination.name", record.topic())
                .with("messaging.destination.partition.id", Integer.toString(record.partition()))
                .with("messaging.kafka.offset", record.offset());
    }

    /// When the ingress received the event; if the header is missing, the record's own timestamp.
    public static Instant receivedAt(ConsumerRecord<?, ?> record) {
        return header(record, HeaderNames.RECEIVED_AT).flatMap(ReceivedEvent::time)
                .orElseGet(() -> Instant.ofEpochMilli(record.timestamp()));
    }

    /// Null if the body is not an event.
    @Nullable
    String type() {
        return switch (reading) {
            case Reading.Understood understood -> understood.event().cause().eventType();
            case Reading.UnknownType unknown -> unknown.type();
            case Reading.Malformed malformed -> malformed.type();
            case Reading.OtherMerchant other -> other.type();
            case Reading.NotAnEvent notAnEvent -> null;
        };
    }

    /// Whether the body says the same. What Conekta's bodies tell of their own deliveries differs between repeats.
    boolean hasBody(byte[] other) {
        return BodyEquality.areEqual(body, other, webhookId.startsWith(ConektaDialect.ID_PREFIX)
                ? ConektaDialect.DELIVERY_FIELDS
                : Set.of());
    }

    /// Whether reconciliation published it.
    boolean isRepair() {
        return origin.equals("reconcile");
    }

    private static Optional<String> header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null || header.value().length == 0
                ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }

    /// The ingress's limits for webhook ids. Longer or non-printable texts may be impossible to store, and an event
    /// that can neither be applied nor parked would stop its partition.
    private static boolean isName(String text) {
        return !text.isEmpty() && text.length() <= MAX_NAME_LENGTH && text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text)).filter(time -> time.isAfter(EARLIEST) && time.isBefore(LATEST));
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }
}
