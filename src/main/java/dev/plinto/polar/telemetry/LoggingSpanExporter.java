package dev.plinto.polar.telemetry;

import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.quarkus.logging.Log;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;

/// Where spans go. That it does not take them is two lines in the log, one when it begins and one when it ends; they are
/// dropped meanwhile, and hold up nothing.
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
                taken();
            } else {
                dropped(spans.size(), result.getFailureThrowable());
            }
        });
    }

    private void dropped(int spans, Throwable why) {
        if (dropped.getAndAdd(spans) == 0) {
            Log.warnf("Spans are dropped, since the collector does not take them: %s. See whether it runs and "
                    + "OTEL_EXPORTER_OTLP_ENDPOINT leads to it.", why == null ? "it does not say why" : cause(why));
        }
    }

    private static Throwable cause(Throwable why) {
        return why.getCause() == null ? why : cause(why.getCause());
    }

    private void taken() {
        long meanwhile = dropped.getAndSet(0);
        if (meanwhile > 0) {
            Log.infof("The collector takes spans again; %d were dropped", meanwhile);
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
