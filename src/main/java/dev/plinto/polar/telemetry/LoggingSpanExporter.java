package dev.plinto.polar.telemetry;

import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.quarkus.logging.Log;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Exports spans, and logs one line when exports begin to fail and one when they succeed again. Spans in between are
/// dropped and delay nothing.
final class LoggingSpanExporter implements SpanExporter {

    private final SpanExporter exporter;
    private final AtomicLong dropped = new AtomicLong();

    private LoggingSpanExporter(SpanExporter exporter) {
        this.exporter = exporter;
    }

    static SpanExporter around(SpanExporter exporter, ConfigProperties settings) {
        return new LoggingSpanExporter(exporter);
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode result = exporter.export(spans);
        return result.whenComplete(() -> {
            if (result.isSuccess()) {
                succeeded();
            } else {
                failed(spans.size(), result.getFailureThrowable());
            }
        });
    }

    private void failed(int spans, @Nullable Throwable why) {
        if (dropped.getAndAdd(spans) == 0) {
            Log.warnf("Spans are dropped: the collector does not accept them (%s). Check that it runs, and that "
                    + "OTEL_EXPORTER_OTLP_ENDPOINT names it.", why == null ? "no reason given" : rootCause(why));
        }
    }

    private static Throwable rootCause(Throwable why) {
        return why.getCause() == null ? why : rootCause(why.getCause());
    }

    private void succeeded() {
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            Log.infof("The collector accepts spans again; %d were dropped", lost);
        }
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
