package dev.plinto.polar.ingress;

import dev.plinto.polar.Envelope;
import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.Verdict;
import dev.plinto.polar.WebhookDialect;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// The metrics of the ingress. Unknown event types count as `other`, so that a sender cannot create series; so does
/// every type of a delivery that was not verified. All series exist from the start, so that the first refusal is a step
/// from 0.
@ApplicationScoped
public class IngressMetrics {

    private final Received accepted;
    private final Received spooled;
    private final Received rejected;
    private final Received unavailable;
    private final Map<String, Counter> valid = new HashMap<>();
    private final Counter bad;
    private final Counter stale;
    private final Counter malformed;
    private final Timer acknowledgement;
    private final Map<String, SignatureAlarm> alarms = new HashMap<>();

    enum Outcome {
        ACCEPTED, SPOOLED, REJECTED, UNAVAILABLE;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    IngressMetrics(MeterRegistry registry, ReceivedProviders providers) {
        Set<String> types = new HashSet<>();
        for (WebhookDialect dialect : providers.on()) {
            types.addAll(dialect.typeLabels().values());
            dialect.schemes().forEach(scheme -> valid.put(scheme, signature(registry, "ok", scheme)));
            alarms.put(dialect.provider(), new SignatureAlarm(dialect));
        }
        accepted = new Received(registry, Outcome.ACCEPTED, types);
        spooled = new Received(registry, Outcome.SPOOLED, types);
        rejected = new Received(registry, Outcome.REJECTED, Set.of());
        unavailable = new Received(registry, Outcome.UNAVAILABLE, types);
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

    void verified(Verdict verdict, WebhookDialect dialect) {
        of(dialect.provider(), alarms).verified(verdict);
        switch (verdict) {
            case Verdict.Valid ok -> of(ok.scheme(), valid).increment();
            case Verdict.Bad mismatch -> bad.increment();
            case Verdict.Stale old -> stale.increment();
            case Verdict.Malformed headers -> malformed.increment();
        }
    }

    void answered(Outcome outcome, RawEvent event, Instant answeredAt) {
        received(outcome).of(event.envelope().map(Envelope::type).map(event.dialect().typeLabels()::get)).increment();
        acknowledgement.record(Duration.between(event.receivedAt(), answeredAt));
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

    private static <T> T of(String name, Map<String, T> all) {
        return Objects.requireNonNull(all.get(name), name);
    }

    /// The deliveries of one outcome.
    private static final class Received {

        private final Map<String, Counter> byType = new HashMap<>();
        private final Counter other;

        Received(MeterRegistry registry, Outcome outcome, Set<String> types) {
            types.forEach(type -> byType.put(type, counter(registry, outcome, type)));
            other = counter(registry, outcome, "other");
        }

        Counter of(Optional<String> type) {
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
