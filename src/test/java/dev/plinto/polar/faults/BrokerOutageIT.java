package dev.plinto.polar.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.Webhooks;
import dev.plinto.polar.sandbox.polar.delivery.DeliveryEngine;
import dev.plinto.polar.sandbox.polar.delivery.DeliveryRules;
import dev.plinto.polar.sandbox.provider.SimulatedClock;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.PrometheusText;
import dev.plinto.polar.testing.Size;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Kafka is down for minutes (`-Dpolar.test.outage-minutes`) by the simulated Polar's clock, which runs ten times as
/// fast, while Polar emits 50 events a second. Polar must not see failures.
class BrokerOutageIT {

    private static final int MINUTES = Size.of("polar.test.outage-minutes", 1, 10);
    private static final int PER_SECOND = 50;
    private static final int SPEED = 10;
    private static final Duration DRAINED = Duration.ofSeconds(120 + MINUTES * 10L);

    private final Random random = new Random(7);
    private final SimulatedClock clock = SimulatedClock.fast(InstantSource.system(), SPEED);
    private final SimulatedPolar polar = new SimulatedPolar(clock, random);
    private final List<UUID> customers = new ArrayList<>();
    private long emitted;

    @Test
    void deliveriesInAnOutage_areAcknowledged_andAppliedOnceAfterIt() throws Exception {
        try (OwnStack stack = OwnStack.start()) {
            Map<String, String> environment = stack.environment();
            environment.put("POLAR_ROLES", "ingress,projection,relay,api");
            try (PackagedService service = PackagedService.start(environment)) {
                UUID endpoint = polar.webhooks().createEndpoint(service.webhooks().toString(), OwnStack.SECRET, false,
                        Webhooks.ALL_TYPES, "2026-10");
                // The guard waits by Polar's clock; at this speed its 300 ms would exceed the time of a request.
                DeliveryRules rules = DeliveryRules.ofPolar().withGuardStep(Duration.ofMillis(20)).withWorkers(16);
                try (DeliveryEngine engine = DeliveryEngine.start(polar, clock, rules, InstantSource.system(), 7)) {
                    live(Duration.ofSeconds(30));
                    stack.kafka().kill();
                    live(Duration.ofMinutes(MINUTES));
                    await().atMost(DRAINED).until(
                            () -> polar.exclusively(() -> polar.eventLog().pending().isEmpty()));
                    double spooled = pendingInSpool(service);
                    System.out.printf("An outage of %d minutes at %d events/s: %.0f in the spool%n", MINUTES,
                            PER_SECOND,
                            spooled);
                    assertThat(spooled).isGreaterThan(MINUTES * 60 * PER_SECOND * 0.9);
                    stack.restartKafka();
                    verify(stack, service, endpoint);
                    assertThat(engine).isNotNull();
                }
            }
        }
    }

    private void verify(OwnStack stack, PackagedService service, UUID endpoint) {
        assertThat(polar.webhooks().enabled(endpoint)).isTrue();
        // None, except when the disk stalls for Polar's 2 s.
        assertThat(polar.records().deliveries().filter(delivery -> !delivery.json().get().get("succeeded").asBoolean()))
                .as("deliveries that Polar saw fail").hasSizeLessThan(30);

        Database database = stack.database();
        await().atMost(DRAINED).until(() -> pendingInSpool(service) == 0);
        new EndState(database, stack.reader()).awaitDrained(DRAINED).everyChangeWasPublishedOnceInOrder()
                .newestMessagesMatchStoredState();
        Set<String> emitted = polar.eventLog().of(endpoint).stream().map(UUID::toString).collect(Collectors.toSet());
        assertThat(Set.copyOf(database.column("SELECT webhook_id FROM inbox"))).isEqualTo(emitted);
        Set<String> live = new TreeSet<>();
        customers.forEach(customer -> polar.grants().live(customer).forEach(grant -> live.add(grant.toString())));
        assertThat(new TreeSet<>(database.column("SELECT id FROM grants WHERE account IS NOT NULL"))).isEqualTo(live);
    }

    /// Makes changes at Polar, at the configured rate.
    private void live(Duration duration) {
        Instant began = clock.instant();
        await().atMost(duration).pollInterval(Duration.ofMillis(20)).until(() -> {
            Duration passed = Duration.between(began, clock.instant());
            long due = Math.min(passed.toMillis(), duration.toMillis()) * PER_SECOND / 1_000;
            for (long before = emitted; before < due; before = emitted) {
                polar.exclusively(this::act);
            }
            return passed.compareTo(duration) >= 0;
        });
        emitted = 0;
    }

    private void act() {
        if (customers.size() < 50 || random.nextInt(4) == 0) {
            UUID customer = polar.customers().create("org-" + customers.size());
            customers.add(customer);
            polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        } else {
            UUID customer = customers.get(random.nextInt(customers.size()));
            List<Consumer<UUID>> choices = List.of(polar.subscriptions()::cancelAtPeriodEnd,
                    polar.subscriptions()::uncancel,
                    polar.subscriptions()::renew, polar.subscriptions()::failToRenew,
                    polar.subscriptions()::recoverPayment, polar.subscriptions()::endPeriod);
            try {
                choices.get(random.nextInt(choices.size())).accept(polar.subscriptions().of(customer).getFirst());
            } catch (IllegalStateException makesNoSenseNow) {
                // this step is left out
            }
        }
        emitted += polar.takeEvents().size();
    }

    private static double pendingInSpool(PackagedService service) {
        return PrometheusText.of(URI.create(service.baseUrl())).value("polar_spool_pending");
    }
}
