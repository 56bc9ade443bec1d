package dev.plinto.polar.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import org.jspecify.annotations.Nullable;

/// One processing step of an event, as an OpenTelemetry span; or [#NONE] if the step is not traced, on which all
/// methods have no effect.
public final class Trace {

    public static final Trace NONE = new Trace(null, null);

    private final @Nullable Span span;
    private final @Nullable String context;

    Trace(@Nullable Span span, @Nullable String context) {
        this.span = span;
        this.context = context;
    }

    public boolean isOn() {
        return span != null;
    }

    /// The header `traceparent` of all that this step causes; null if there is to be none.
    public @Nullable String context() {
        return context;
    }

    /// The trace's id, for the log; null if the step is not traced.
    public @Nullable String id() {
        return span == null ? null : span.getSpanContext().getTraceId();
    }

    /// Sets an attribute, which must not be personal data; null is left out.
    public Trace with(String attribute, @Nullable String value) {
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
