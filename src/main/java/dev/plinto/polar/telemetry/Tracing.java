package dev.plinto.polar.telemetry;

import dev.plinto.polar.HeaderNames;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/// Traces events from the delivery to the changes that they cause. The context travels as W3C's `traceparent`, in Kafka
/// headers and in PostgreSQL's rows; `tracestate` and baggage do not.
///
/// Off unless `OTEL_EXPORTER_OTLP_ENDPOINT` is set. While it is off, no class of the SDK is loaded, and callers that
/// check [#isOn()] first spend nothing on an event. Sampling and all other options are set by OpenTelemetry's own
/// variables (`OTEL_…`).
@Singleton
public final class Tracing {

    private static final String ENDPOINT = "otel.exporter.otlp.endpoint";
    private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final TextMapGetter<String> TRACEPARENT = new Traceparent();
    private static final long LAST_EXPORT_SECONDS = 2;

    private final @Nullable OpenTelemetrySdk sdk; // both null while tracing is off
    private final @Nullable Tracer tracer;

    Tracing(@ConfigProperty(name = ENDPOINT) Optional<String> endpoint) {
        sdk = endpoint.orElse("").isBlank() ? null : start(endpoint.get());
        tracer = sdk == null ? null : sdk.getTracer("dev.plinto.polar");
    }

    /// Null if it cannot start: events are processed without traces then.
    private static @Nullable OpenTelemetrySdk start(String endpoint) {
        try {
            return AutoConfiguredOpenTelemetrySdk.builder()
                    .addPropertiesSupplier(() -> Map.of( // defaults; the environment overrides them
                            ENDPOINT, endpoint,
                            "otel.service.name", "plinto-polar",
                            "otel.exporter.otlp.protocol", "http/protobuf",
                            "otel.metrics.exporter", "none",
                            "otel.logs.exporter", "none"))
                    // Not a lambda: the verifier would load the exporter.
                    .addSpanExporterCustomizer(LoggingSpanExporter::around)
                    .disableShutdownHook()
                    .build().getOpenTelemetrySdk();
        } catch (RuntimeException refused) {
            Log.errorf("Tracing is off: OpenTelemetry refuses a variable OTEL_…, correct it and restart: %s",
                    refused.getMessage());
            return null;
        }
    }

    void started(@Observes StartupEvent event) {
        if (isOn()) {
            Log.info("Tracing is on (OTEL_EXPORTER_OTLP_ENDPOINT)");
        }
    }

    /// After the last batch.
    void stop(@Observes @Priority(3) ShutdownEvent event) {
        if (sdk != null) {
            sdk.shutdown().join(LAST_EXPORT_SECONDS, TimeUnit.SECONDS);
        }
    }

    public boolean isOn() {
        return tracer != null;
    }

    /// Begins a step now; the caller must end it.
    ///
    /// @param parent the `traceparent` of the step before; null or invalid: a new trace begins
    public Trace begin(SpanKind kind, String name, @Nullable String parent) {
        return tracer == null ? Trace.NONE : trace(builder(tracer, kind, name, parent));
    }

    /// Begins a step at an earlier time.
    public Trace begin(SpanKind kind, String name, @Nullable String parent, Instant at) {
        return tracer == null
                ? Trace.NONE
                : trace(builder(tracer, kind, name, parent).setStartTimestamp(at));
    }

    private static SpanBuilder builder(Tracer tracer, SpanKind kind, String name, @Nullable String parent) {
        return tracer.spanBuilder(name).setSpanKind(kind)
                .setParent(W3C.extract(Context.root(), parent, TRACEPARENT));
    }

    private static Trace trace(SpanBuilder builder) {
        Span span = builder.startSpan();
        String[] context = new String[1];
        W3C.inject(Context.root().with(span), context, (carrier, header, value) -> {
            if (header.equals(HeaderNames.TRACEPARENT)) {
                carrier[0] = value;
            }
        });
        return new Trace(span, context[0]);
    }

    /// The carrier of the context is the header's value itself, or null.
    private static final class Traceparent implements TextMapGetter<String> {

        @Override
        public Iterable<String> keys(@Nullable String traceparent) {
            return List.of(HeaderNames.TRACEPARENT);
        }

        @Override
        public @Nullable String get(@Nullable String traceparent, String header) {
            return header.equals(HeaderNames.TRACEPARENT) ? traceparent : null;
        }
    }
}
