package dev.plinto.polar.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/// What a service's metrics say, compared with what they said before: other tests count too.
public final class Measured {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final URI service;
    private PrometheusText before;

    private Measured(URI service) {
        this.service = service;
        this.before = PrometheusText.of(service);
    }

    /// From when nothing waits any more that other tests have left.
    public static Measured fromQuietOn(URI service) {
        Measured measured = new Measured(service);
        await().atMost(PATIENCE).until(() -> measured.value("polar_oldest_pending_seconds", "stage=projected") == 0
                && measured.value("polar_outbox_pending") == 0 && measured.value("polar_relay_leader") == 1
                && measured.value("polar_spool_pending") == 0);
        measured.fromNowOn();
        return measured;
    }

    public void fromNowOn() {
        before = PrometheusText.of(service);
    }

    public PrometheusText before() {
        return before;
    }

    /// Now.
    public double value(String name, String... labels) {
        return PrometheusText.of(service).value(name, labels);
    }

    /// Now, beyond what it was before.
    public double more(String name, String... labels) {
        return value(name, labels) - before.value(name, labels);
    }

    public void assertMore(double more, String name, String... labels) {
        assertThat(more(name, labels)).as(name + List.of(labels)).isEqualTo(more);
    }

    public void awaitMore(double more, String name, String... labels) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertMore(more, name, labels));
    }
}
