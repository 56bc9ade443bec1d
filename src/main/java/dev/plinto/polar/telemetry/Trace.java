package dev.plinto.polar.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;

/// One step of an event's way, as a span of OpenTelemetry's; or [#NONE] where nothing is traced, with which the same can
/// be done, and nothing happens.
public final class Trace {

    public static final Trace NONE = new Trace(null, null);

    private final Span span;
    private final String context;

    Trace(Span span, String context) {
        this.span = span;
        this.context = context;
    }

    public boolean isOn() {
        return span != null;
    }

    /// For the header `traceparent` of whatever this step causes; null where there is to be none.
    public String context() {
        return context;
    }

    /// For the log; null where nothing is traced.
    public String id() {
        return span == null ? null : span.getSpanContext().getTraceId();
    }

    /// No personal data. A value that is null is left out.
    public Trace with(String attribute, String value) {
        if (span != null && value != null) {
            span.setAttribute(attribute, value);
        }
        return this;
    }

    public Trace with(String attribute, long value) {
        if (span != null) {
            span.setAttribute(attribute, value);
        }
        return this;
    }

    public Trace failed() {
        if (span != null) {
            span.setStatus(StatusCode.ERROR);
        }
        return this;
    }

    public void end() {
        if (span != null) {
            span.end();
        }
    }
}
