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

/// The metrics of the ingress. Unknown event types count as `other`, so that a sender cannot create series; so does
/// every type of a delivery that was not verified. All series exist from the start, so that the first refusal is a step
/// from 0.
@ApplicationScoped
public class IngressMetrics {

    private final Received accepted;
    private final Received spooled;
    private final Received rejected;
    private final Received unavailable;
    private final Counter standard;
    private final Counter legacy;
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
        accepted = new Received(registry, Outcome.ACCEPTED, EventType.values());
        spooled = new Received(registry, Outcome.SPOOLED, EventType.values());
        rejected = new Received(registry, Outcome.REJECTED);
        unavailable = new Received(registry, Outcome.UNAVAILABLE, EventType.values());
        standard = signature(registry, "ok", Scheme.STANDARD.name().toLowerCase(Locale.ROOT));
        legacy = signature(registry, "ok", Scheme.LEGACY.name().toLowerCase(Locale.ROOT));
        bad = signature(registry, "bad", "none");
        stale = signature(registry, "stale", "none");
        malformed = signature(registry, "malformed", "none");
        acknowledgement = Timer.builder("polar.webhook.ack")
                .description("From the receipt of a correctly signed delivery to its answer")
                .serviceLevelObjectives(Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25),
                        Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500),
                        Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5))
                .register(registry);
    }

    static void start(@Observes StartupEvent event, Roles roles, IngressMetrics metrics) {
        if (roles.include(Role.INGRESS)) {
            metrics.registerMeters();
        }
    }

    /// The call creates this bean, whose constructor registers the meters.
    void registerMeters() {}

    void verified(Verdict verdict) {
        alarm.verified(verdict);
        switch (verdict) {
            case Verdict.Valid ok -> valid(ok.scheme()).increment();
            case Verdict.Bad mismatch -> bad.increment();
            case Verdict.Stale old -> stale.increment();
            case Verdict.Malformed headers -> malformed.increment();
        }
    }

    void answered(Outcome outcome, Optional<Envelope> envelope, Instant from, Instant to) {
        received(outcome).of(envelope.flatMap(event -> EventType.of(event.type()))).increment();
        acknowledgement.record(Duration.between(from, to));
    }

    /// Answered 503 before the signature was checked.
    void unavailable() {
        unavailable.other.increment();
    }

    void rejected() {
        rejected.other.increment();
    }

    /// Deliveries that this replica refused since the signature matches no accepted secret, or is too old or too new.
    public long badSignatures() {
        return Math.round(bad.count() + stale.count());
    }

    /// Deliveries that this replica answered 503.
    public long unavailableDeliveries() {
        return Math.round(unavailable.total());
    }

    private Received received(Outcome outcome) {
        return switch (outcome) {
            case ACCEPTED -> accepted;
            case SPOOLED -> spooled;
            case REJECTED -> rejected;
            case UNAVAILABLE -> unavailable;
        };
    }

    private Counter valid(Scheme scheme) {
        return switch (scheme) {
            case STANDARD -> standard;
            case LEGACY -> legacy;
        };
    }

    /// The deliveries of one outcome.
    private static final class Received {

        private final Map<EventType, Counter> byType = new EnumMap<>(EventType.class);
        private final Counter other;

        Received(MeterRegistry registry, Outcome outcome, EventType... types) {
            for (EventType type : types) {
                byType.put(type, counter(registry, outcome, type.wireName()));
            }
            other = counter(registry, outcome, "other");
        }

        Counter of(Optional<EventType> type) {
            return type.map(byType::get).orElse(other);
        }

        double total() {
            return other.count() + byType.values().stream().mapToDouble(Counter::count).sum();
        }

        private static Counter counter(MeterRegistry registry, Outcome outcome, String type) {
            return Counter.builder("polar.webhook.received")
                    .description("Deliveries, by event type and answer")
                    .tag("type", type)
                    .tag("outcome", outcome.wireName())
                    .register(registry);
        }
    }

    private static Counter signature(MeterRegistry registry, String result, String scheme) {
        return Counter.builder("polar.webhook.signature")
                .description("Signatures checked, by result and by the key scheme that matched")
                .tag("result", result)
                .tag("scheme", scheme)
                .register(registry);
    }
}
