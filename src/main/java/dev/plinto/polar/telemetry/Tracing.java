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

/// Traces events from the delivery to the changes that they cause. The context goes along as W3C's `traceparent`, in
/// Kafka's headers and in what waits in PostgreSQL; `tracestate` and baggage do not.
///
/// Off unless `OTEL_EXPORTER_OTLP_ENDPOINT` says where spans go. Then no class of the SDK is loaded, and who asks
/// [#isOn()] first spends nothing on an event. How much is sampled, and all else, say OpenTelemetry's own variables
/// (`OTEL_…`).
@Singleton
public final class Tracing {

    private static final String ENDPOINT = "otel.exporter.otlp.endpoint";
    private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final TextMapGetter<String> TRACEPARENT = new Traceparent();
    private static final long LAST_EXPORT_SECONDS = 2;

    private final OpenTelemetrySdk sdk; // null while off, as the next
    private final Tracer tracer;

    Tracing(@ConfigProperty(name = ENDPOINT) Optional<String> endpoint) {
        sdk = endpoint.orElse("").isBlank() ? null : start(endpoint.get());
        tracer = sdk == null ? null : sdk.getTracer("dev.plinto.polar");
    }

    /// Null where it cannot: what is not traced still has to be done.
    private static OpenTelemetrySdk start(String endpoint) {
        try {
            return AutoConfiguredOpenTelemetrySdk.builder()
                    .addPropertiesSupplier(() -> Map.of( // defaults, which the environment overrides
                            ENDPOINT, endpoint,
                            "otel.service.name", "plinto-polar",
                            "otel.exporter.otlp.protocol", "http/protobuf",
                            "otel.metrics.exporter", "none",
                            "otel.logs.exporter", "none"))
                    .addSpanExporterCustomizer(LoggingSpanExporter::around) // a lambda would have the verifier load the exporter
                    .disableShutdownHook()
                    .build().getOpenTelemetrySdk();
        } catch (RuntimeException refused) {
            Log.errorf("Nothing is traced, since a variable OTEL_… is not as OpenTelemetry wants it: %s",
                    refused.getMessage());
            return null;
        }
    }

    void started(@Observes StartupEvent event) {
        if (isOn()) {
            Log.info("Events are traced (OTEL_EXPORTER_OTLP_ENDPOINT)");
        }
    }

    /// After the last batch.
    void stop(@Observes @Priority(3) ShutdownEvent event) {
        if (isOn()) {
            sdk.shutdown().join(LAST_EXPORT_SECONDS, TimeUnit.SECONDS);
        }
    }

    public boolean isOn() {
        return tracer != null;
    }

    /// A step that begins now. To be ended.
    ///
    /// @param parent the `traceparent` of what it follows from; where there is none, a trace begins with it
    public Trace begin(SpanKind kind, String name, String parent) {
        return isOn() ? trace(builder(kind, name, parent)) : Trace.NONE;
    }

    /// A step that began earlier.
    public Trace begin(SpanKind kind, String name, String parent, Instant at) {
        return isOn() ? trace(builder(kind, name, parent).setStartTimestamp(at)) : Trace.NONE;
    }

    private SpanBuilder builder(SpanKind kind, String name, String parent) {
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

    /// What carries the context is the header's value alone, or null.
    private static final class Traceparent implements TextMapGetter<String> {

        @Override
        public Iterable<String> keys(String traceparent) {
            return List.of(HeaderNames.TRACEPARENT);
        }

        @Override
        public String get(String traceparent, String header) {
            return header.equals(HeaderNames.TRACEPARENT) ? traceparent : null;
        }
    }
}
