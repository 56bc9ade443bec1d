package dev.plinto.polar.projection;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.entitlement.Benefit;
import dev.plinto.polar.entitlement.Checkout;
import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.CustomerMeter;
import dev.plinto.polar.entitlement.DueRead;
import dev.plinto.polar.entitlement.Event;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Member;
import dev.plinto.polar.entitlement.Meter;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Product;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.entitlement.Seat;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.polar.Snapshot;
import dev.plinto.polar.projection.lag.ProjectionLag;
import dev.plinto.polar.telemetry.CheckoutCounter;
import dev.plinto.polar.telemetry.ExternalIdDropped;
import dev.plinto.polar.telemetry.Stage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// Counts projected events. [ProjectionLag] measures those that wait, independently of this replica's consumer.
@ApplicationScoped
class ProjectionMetrics {

    private final Map<EventOutcome, Counter> projected = new EnumMap<>(EventOutcome.class);
    private final Map<Repair, Counter> repairs = new EnumMap<>(Repair.class);
    private final Map<Payment, Counter> payments = new EnumMap<>(Payment.class);
    private final Map<CheckoutOutcome, Counter> checkouts = new EnumMap<>(CheckoutOutcome.class);
    private final Counter externalIdDropped;
    private final Counter conflicts;
    private final Timer freshness;

    /// What a repair consists of: an event whose delivery never arrived, or a snapshot of one kind of object.
    private enum Repair {
        DELIVERY, CUSTOMER, SUBSCRIPTION, GRANT, ORDER, PRODUCT, CHECKOUT, MEMBER, SEAT, METER, CUSTOMER_METER;

        static Repair of(Event event) {
            if (!event.cause().eventType().equals(Snapshot.TYPE)) {
                return DELIVERY;
            }
            return switch (event.statements().getFirst()) {
                case Customer customer -> CUSTOMER;
                case Subscription subscription -> SUBSCRIPTION;
                case Grant grant -> GRANT;
                case Order order -> ORDER;
                case Product product -> PRODUCT;
                case Checkout checkout -> CHECKOUT;
                case Member member -> MEMBER;
                case Seat seat -> SEAT;
                case Meter meter -> METER;
                case CustomerMeter meter -> CUSTOMER_METER;
                case Benefit benefit -> throw new IllegalStateException("no snapshot begins with a benefit");
            };
        }
    }

    ProjectionMetrics(MeterRegistry registry) {
        freshness = Stage.PROJECTED.freshness(registry);
        externalIdDropped = ExternalIdDropped.counter(registry);
        for (EventOutcome outcome : EventOutcome.values()) {
            projected.put(outcome, Counter.builder("polar.events.projected")
                    .description("Events taken off the raw topic, by outcome")
                    .tag("outcome", outcome.metricLabel())
                    .register(registry));
        }
        conflicts = Counter.builder("polar.webhook.conflicts")
                .description("Events that came with another body than the one stored under their webhook id")
                .register(registry);
        for (Repair repair : Repair.values()) {
            repairs.put(repair, Counter.builder("polar.reconcile.repairs")
                    .description("Repairs by reconciliation that this replica has applied, by kind")
                    .tag("kind", repair.name().toLowerCase(Locale.ROOT))
                    .register(registry));
        }
        for (Payment payment : Payment.values()) {
            payments.put(payment, Counter.builder("polar.payments")
                    .description("Payments that Polar reported, each counted once, by outcome")
                    .tag("outcome", payment.wireName())
                    .register(registry));
        }
        for (CheckoutOutcome outcome : CheckoutOutcome.values()) {
            checkouts.put(outcome, CheckoutCounter.of(registry, outcome.wireName()));
        }
    }

    static void start(@Observes StartupEvent event, Roles roles, ProjectionMetrics metrics) {
        if (roles.include(Role.PROJECTION)) {
            metrics.registerMeters();
        }
    }

    /// Called to create this bean, whose constructor registers the meters.
    void registerMeters() {}

    void count(List<Projected> events, Instant now) {
        for (Projected event : events) {
            increment(projected, event.outcome());
            if (event.deniedExternalId()) {
                externalIdDropped.increment();
            }
            if (event.outcome() == EventOutcome.CONFLICT) {
                conflicts.increment();
            }
            if (event.outcome() == EventOutcome.APPLIED) {
                freshness.record(Duration.between(event.event().receivedAt(), now));
                countRepair(event.event());
            }
            if (event.outcome().isKept() && event.event().reading() instanceof Reading.Understood understood) {
                Payment.of(understood.event()).map(payments::get).ifPresent(Counter::increment);
            }
        }
    }

    void count(List<CheckoutOutcome> ended) {
        ended.forEach(outcome -> increment(checkouts, outcome));
    }

    /// A due read lets in what it reads, whether that differs or not.
    private void countRepair(ReceivedEvent event) {
        if (event.isRepair() && event.reading() instanceof Reading.Understood understood
                && DueRead.subject(understood.event()).isEmpty()) {
            increment(repairs, Repair.of(understood.event()));
        }
    }

    private static <K> void increment(Map<K, Counter> counters, K label) {
        Objects.requireNonNull(counters.get(label), "a counter for each label").increment();
    }
}
