package dev.plinto.polar.ingress;

import dev.plinto.polar.polar.Envelope;
import dev.plinto.polar.polar.EventType;
import dev.plinto.polar.polar.WebhookSignature.Verdict;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// What the ingress tells its operators. A type that we do not know counts as `other`, so that a sender cannot make
/// series.
@ApplicationScoped
class IngressMetrics {

    private final MeterRegistry registry;
    private final Timer acknowledgement;

    enum Outcome { ACCEPTED, REJECTED, UNAVAILABLE }

    IngressMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.acknowledgement = Timer.builder("polar.webhook.ack")
                .description("From the first byte of a verified delivery to its answer")
                .serviceLevelObjectives(Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25),
                        Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500),
                        Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5))
                .register(registry);
    }

    void verified(Verdict verdict) {
        switch (verdict) {
            case Verdict.Valid valid -> signature("ok", valid.scheme().name().toLowerCase(Locale.ROOT));
            case Verdict.Bad bad -> signature("bad", "none");
            case Verdict.Stale stale -> signature("stale", "none");
            case Verdict.Malformed malformed -> signature("malformed", "none");
        }
    }

    void answered(Outcome outcome, Optional<Envelope> envelope, Instant from, Instant to) {
        received(outcome, envelope.flatMap(known -> EventType.of(known.type())).map(EventType::wireName).orElse("other"));
        acknowledgement.record(Duration.between(from, to));
    }

    void rejected() {
        received(Outcome.REJECTED, "other");
    }

    private void received(Outcome outcome, String type) {
        registry.counter("polar.webhook.received", "type", type, "outcome", outcome.name().toLowerCase(Locale.ROOT))
                .increment();
    }

    private void signature(String result, String scheme) {
        registry.counter("polar.webhook.signature", "result", result, "scheme", scheme).increment();
    }
}
