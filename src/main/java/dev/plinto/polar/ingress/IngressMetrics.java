package dev.plinto.polar.ingress;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.polar.Envelope;
import dev.plinto.polar.polar.EventType;
import dev.plinto.polar.polar.WebhookSignature.Scheme;
import dev.plinto.polar.polar.WebhookSignature.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What the ingress tells its operators. A type that we do not know counts as `other`, so that a sender cannot make
/// series; and so does that of a delivery whose signature was not right, since anybody can name one. All series are
/// there from the start, so that the first refusal is a step from 0.
@ApplicationScoped
public class IngressMetrics {

    private final Map<Outcome, Map<EventType, Counter>> received = new EnumMap<>(Outcome.class);
    private final Map<Outcome, Counter> receivedOther = new EnumMap<>(Outcome.class);
    private final Map<Scheme, Counter> valid = new EnumMap<>(Scheme.class);
    private final Counter bad;
    private final Counter stale;
    private final Counter malformed;
    private final Timer acknowledgement;
    private final SignatureAlarm alarm = new SignatureAlarm();

    enum Outcome {
        ACCEPTED, SPOOLED, REJECTED, UNAVAILABLE;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    IngressMetrics(MeterRegistry registry) {
        for (Outcome outcome : Outcome.values()) {
            Map<EventType, Counter> byType = new EnumMap<>(EventType.class);
            if (outcome != Outcome.REJECTED) {
                for (EventType type : EventType.values()) {
                    byType.put(type, received(registry, type.wireName(), outcome));
                }
            }
            received.put(outcome, byType);
            receivedOther.put(outcome, received(registry, "other", outcome));
        }
        for (Scheme scheme : Scheme.values()) {
            valid.put(scheme, signature(registry, "ok", scheme.name().toLowerCase(Locale.ROOT)));
        }
        bad = signature(registry, "bad", "none");
        stale = signature(registry, "stale", "none");
        malformed = signature(registry, "malformed", "none");
        acknowledgement = Timer.builder("polar.webhook.ack")
                .description("From the receipt of a delivery whose signature is right to its answer")
                .serviceLevelObjectives(Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25),
                        Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500),
                        Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5))
                .register(registry);
    }

    static void start(@Observes StartupEvent event, Roles roles, IngressMetrics metrics) {
        if (roles.include(Role.INGRESS)) {
            metrics.exist();
        }
    }

    /// Making this bean registers its meters.
    void exist() {}

    void verified(Verdict verdict) {
        alarm.verified(verdict);
        switch (verdict) {
            case Verdict.Valid known -> valid.get(known.scheme()).increment();
            case Verdict.Bad wrong -> bad.increment();
            case Verdict.Stale late -> stale.increment();
            case Verdict.Malformed unreadable -> malformed.increment();
        }
    }

    void answered(Outcome outcome, Optional<Envelope> envelope, Instant from, Instant to) {
        envelope.flatMap(known -> EventType.of(known.type()))
                .map(received.get(outcome)::get)
                .orElseGet(() -> receivedOther.get(outcome))
                .increment();
        acknowledgement.record(Duration.between(from, to));
    }

    /// Before the signature could be looked at.
    void unavailable() {
        receivedOther.get(Outcome.UNAVAILABLE).increment();
    }

    void rejected() {
        receivedOther.get(Outcome.REJECTED).increment();
    }

    /// Deliveries that this replica refused because no accepted secret explains the signature, or it is of another time.
    public long badSignatures() {
        return Math.round(bad.count() + stale.count());
    }

    /// Deliveries that this replica answered 503.
    public long unavailableDeliveries() {
        return Math.round(receivedOther.get(Outcome.UNAVAILABLE).count()
                + received.get(Outcome.UNAVAILABLE).values().stream().mapToDouble(Counter::count).sum());
    }

    private static Counter received(MeterRegistry registry, String type, Outcome outcome) {
        return Counter.builder("polar.webhook.received")
                .description("Deliveries, by event type and by how they were answered")
                .tag("type", type)
                .tag("outcome", outcome.wireName())
                .register(registry);
    }

    private static Counter signature(MeterRegistry registry, String result, String scheme) {
        return Counter.builder("polar.webhook.signature")
                .description("Signatures looked at, by what was found and the key scheme that matched")
                .tag("result", result)
                .tag("scheme", scheme)
                .register(registry);
    }
}
