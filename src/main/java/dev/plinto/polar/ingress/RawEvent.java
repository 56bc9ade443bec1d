package dev.plinto.polar.ingress;

import static dev.plinto.polar.HeaderNames.CE_ID;
import static dev.plinto.polar.HeaderNames.CE_SOURCE;
import static dev.plinto.polar.HeaderNames.CE_SPECVERSION;
import static dev.plinto.polar.HeaderNames.CE_TIME;
import static dev.plinto.polar.HeaderNames.CE_TYPE;
import static dev.plinto.polar.HeaderNames.CONTENT_TYPE;
import static dev.plinto.polar.HeaderNames.ORIGIN;
import static dev.plinto.polar.HeaderNames.RECEIVED_AT;
import static dev.plinto.polar.HeaderNames.TRACEPARENT;
import static dev.plinto.polar.HeaderNames.WEBHOOK_API_VERSION;
import static dev.plinto.polar.HeaderNames.WEBHOOK_TIMESTAMP;

import dev.plinto.polar.Envelope;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.WebhookDialect;
import dev.plinto.polar.polar.Snapshot;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// An event to be published to the raw topic: the unchanged bytes, and the metadata of its record.
///
/// @param dialect    of the provider whose event it is, or about whose objects it is
/// @param webhookId  as the provider knows it, without the dialect's prefix
/// @param timestamp  as sent with the delivery; null, like the next two, if the event was not delivered
/// @param apiVersion null also if none was sent
/// @param envelope   empty if the bytes are no event; they are published nevertheless, and parked
/// @param trace      the `traceparent` of its trace; null if it is not traced
/// @param ownType    the record's `ce_type` if this service made the event; null for an event of the provider. The
///                   publisher states this, never the body, which any sender may have written: the projection trusts it
public record RawEvent(WebhookDialect dialect, String webhookId, @Nullable String timestamp, @Nullable String signature,
        @Nullable String apiVersion, Instant receivedAt, Origin origin, byte[] body, Optional<Envelope> envelope,
        @Nullable String trace, @Nullable String ownType) {

    /// How the event arrived: delivered by the provider, fetched by reconciliation, replayed by an operator, delivered
    /// while the broker was away, or answered by the provider to a call for an organization.
    public enum Origin {
        WEBHOOK, RECONCILE, REPLAY, SPOOL, ANSWER;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public RawEvent {
        Objects.requireNonNull(dialect, "dialect");
        Objects.requireNonNull(webhookId, "webhookId");
        Objects.requireNonNull(receivedAt, "receivedAt");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(body, "body");
    }

    /// An event of the provider that arrives by another way than a delivery.
    public static RawEvent undelivered(WebhookDialect dialect, String webhookId, byte[] body, Instant receivedAt,
            Origin origin) {
        return new RawEvent(dialect, webhookId, null, null, null, receivedAt, origin, body, dialect.envelope(body),
                null, null);
    }

    /// A [Snapshot], made by reconciliation or from an answer.
    public static RawEvent snapshot(WebhookDialect dialect, String id, byte[] body, Instant receivedAt,
            Origin origin) {
        return own(dialect, Snapshot.TYPE, id, body, receivedAt, origin);
    }

    /// An event that this service made, or a newer release of it.
    public static RawEvent own(WebhookDialect dialect, String ownType, String id, byte[] body, Instant receivedAt,
            Origin origin) {
        return new RawEvent(dialect, id, null, null, null, receivedAt, origin, body, dialect.envelope(body), null,
                ownType);
    }

    /// Keeps all events of a customer in one partition, and thereby in order.
    String key() {
        return envelope.map(Envelope::subject).orElse(webhookId);
    }

    Headers headers() {
        Headers headers = new RecordHeaders();
        add(headers, CE_SPECVERSION, "1.0");
        add(headers, CE_ID, webhookId);
        add(headers, CE_TYPE, ownType != null
                ? ownType
                : dialect.typePrefix() + envelope.map(Envelope::type).orElse("unparseable"));
        add(headers, CE_SOURCE, ownType != null ? "/plinto/polar" : dialect.source());
        add(headers, CE_TIME, envelope.map(Envelope::timestamp).orElse(null));
        add(headers, CONTENT_TYPE, "application/json");
        add(headers, WEBHOOK_TIMESTAMP, timestamp);
        add(headers, dialect.signatureHeader(), signature);
        add(headers, WEBHOOK_API_VERSION, apiVersion);
        add(headers, RECEIVED_AT, Rfc3339.format(receivedAt));
        add(headers, ORIGIN, origin.wireName());
        add(headers, TRACEPARENT, trace);
        return headers;
    }

    /// Without the body, and the signature that makes it an event.
    @Override
    public String toString() {
        return "RawEvent[webhookId=" + webhookId + ", origin=" + origin + "]";
    }

    private static void add(Headers headers, String name, @Nullable String value) {
        if (value != null) {
            headers.add(name, value.getBytes(StandardCharsets.UTF_8));
        }
    }
}
