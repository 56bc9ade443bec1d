package dev.plinto.polar;

/// Names of the headers on this service's Kafka records: CloudEvents 1.0 in binary mode (`ce_…`, Kafka protocol
/// binding), Standard Webhooks' headers as Polar sent them, two of its own, and the trace context.
public final class HeaderNames {

    public static final String CE_ID = "ce_id";
    public static final String CE_SOURCE = "ce_source";
    public static final String CE_SPECVERSION = "ce_specversion";
    public static final String CE_SUBJECT = "ce_subject";
    public static final String CE_TIME = "ce_time";
    public static final String CE_TYPE = "ce_type";
    /// CloudEvents' sequence extension: the version of a change.
    public static final String CE_SEQUENCE = "ce_sequence";
    public static final String CONTENT_TYPE = "content-type";

    public static final String WEBHOOK_ID = "webhook-id";
    public static final String WEBHOOK_TIMESTAMP = "webhook-timestamp";
    public static final String WEBHOOK_SIGNATURE = "webhook-signature";
    public static final String WEBHOOK_API_VERSION = "webhook-api-version";
    /// Conekta's signature, as it was sent.
    public static final String DIGEST = "digest";

    /// When this service received the delivery (RFC 3339).
    public static final String RECEIVED_AT = "received-at";
    /// How the event entered the raw topic: `webhook`, `reconcile`, `replay` or `spool`. A newer release may
    /// write others.
    public static final String ORIGIN = "origin";

    /// W3C Trace Context: the trace that the record belongs to. Present only while tracing is on.
    public static final String TRACEPARENT = "traceparent";

    private HeaderNames() {}
}
