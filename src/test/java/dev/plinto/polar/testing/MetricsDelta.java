package dev.plinto.polar.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/// The increase of a service's metrics since a start value, because other tests count too.
public final class MetricsDelta {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final URI service;
    private PrometheusText before;

    private MetricsDelta(URI service) {
        this.service = service;
        this.before = PrometheusText.of(service);
    }

    /// Starts once the backlog of other tests is drained.
    public static MetricsDelta whenIdle(URI service) {
        MetricsDelta measured = new MetricsDelta(service);
        await().atMost(PATIENCE).until(() -> measured.value("polar_oldest_pending_seconds", "stage=projected") == 0
                && measured.value("polar_outbox_pending") == 0 && measured.value("polar_relay_leader") == 1
                && measured.value("polar_spool_pending") == 0);
        measured.reset();
        return measured;
    }

    public void reset() {
        before = PrometheusText.of(service);
    }

    public PrometheusText before() {
        return before;
    }

    /// The current value.
    public double value(String name, String... labels) {
        return PrometheusText.of(service).value(name, labels);
    }

    /// The increase since the start value.
    public double increase(String name, String... labels) {
        return value(name, labels) - before.value(name, labels);
    }

    public void assertIncrease(double expected, String name, String... labels) {
        assertThat(increase(name, labels)).as(name + List.of(labels)).isEqualTo(expected);
    }

    public void awaitIncrease(double expected, String name, String... labels) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertIncrease(expected, name, labels));
    }
}
