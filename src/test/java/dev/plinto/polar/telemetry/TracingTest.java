package dev.plinto.polar.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.sandbox.process.FreePort;
import dev.plinto.polar.testing.LogLines;
import io.opentelemetry.api.trace.SpanKind;
import io.quarkus.runtime.ShutdownEvent;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tracing without a running service; `TracingIT` has one.
class TracingTest {

    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static final String RETRY_DISABLED = "otel.java.exporter.otlp.retry.disabled";

    private final Tracing tracing = new Tracing(Optional.of("http://127.0.0.1:" + FreePort.any()));

    @BeforeAll
    static void disableRetries() {
        System.setProperty(RETRY_DISABLED, "true");
    }

    @AfterAll
    static void enableRetries() {
        System.clearProperty(RETRY_DISABLED);
    }

    @AfterEach
    void stop() {
        tracing.stop(new ShutdownEvent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void noEndpoint_turnsTracingOff(String endpoint) {
        Tracing off = new Tracing(Optional.of(endpoint));

        assertThat(off.isOn()).isFalse();
        assertThat(off.begin(SpanKind.SERVER, "step", PARENT)).isSameAs(Trace.NONE);
        assertThat(Trace.NONE.context()).isNull();
    }

    @Test
    void step_belongsToItsParentsTrace() {
        Trace step = tracing.begin(SpanKind.CONSUMER, "step", PARENT);

        assertThat(step.id()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(step.context()).matches("00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01").isNotEqualTo(PARENT);
        step.end();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "anything", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01"})
    void invalidContext_beginsANewTrace(String context) {
        assertThat(tracing.begin(SpanKind.CONSUMER, "step", context).context())
                .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01").doesNotContain("0af7651916cd43dd8448eb211c80319c");
    }

    @Test
    void unavailableCollector_isLoggedOnce() {
        try (LogLines log = LogLines.of(LoggingSpanExporter.class)) {
            tracing.begin(SpanKind.SERVER, "step", null).end();
            tracing.stop(new ShutdownEvent()); // exports the span

            await().atMost(Duration.ofSeconds(5)).until(() -> !log.lines().isEmpty());
            assertThat(log.lines()).singleElement().asString()
                    .startsWith("WARN Spans are dropped: the collector does not accept them");
        }
    }
}
