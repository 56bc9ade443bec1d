package dev.plinto.polar.sandbox.polar;

import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.data;
import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random lives, in which what is due happens by itself: the emitted events always add up to the true state, and no
/// time in them is impossible.
class LifecycleTest {

    private static final int STEPS = 60;

    private final List<WebhookEvent> emitted = new ArrayList<>();
    private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-03T08:00:00Z"));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233})
    void emittedEvents_addUpToTheTrueState(long seed) {
        Random random = new Random(seed);
        SimulatedPolar polar = new SimulatedPolar(clock, random);
        UUID customer = polar.customers().create("org-lived");
        emitted.addAll(polar.takeEvents());
        for (int i = 0; i < STEPS; i++) {
            Duration passed = Duration.ofHours(1 + random.nextInt(500));
            polar.calendar().move(now -> now.plus(passed));
            emitted.addAll(polar.takeEvents());
            step(polar, customer, random);
        }
        polar.calendar().move(now -> now.plus(Duration.ofDays(90)));
        emitted.addAll(polar.takeEvents());

        assertThat(emitted.stream().map(WebhookEvent::timestamp).toList())
                .isSortedAccordingTo(Instant::compareTo)
                .doesNotHaveDuplicates();
        EventTimes times = new EventTimes();
        emitted.forEach(times::check);
        assertThat(liveByGrantEvents()).isEqualTo(ids(polar, customer));
        assertThat(liveByLastSnapshot()).isEqualTo(ids(polar, customer));
    }

    /// An impossible action is refused, and emits nothing.
    private void step(SimulatedPolar polar, UUID customer, Random random) {
        List<UUID> subscriptions = polar.subscriptions().of(customer);
        List<UUID> orders = polar.orders().of(customer);
        try {
            if (subscriptions.isEmpty() || random.nextInt(6) == 0) {
                buy(polar, customer, random);
            } else if (random.nextInt(8) == 0) {
                polar.refunds().refund(orders.get(random.nextInt(orders.size())), random.nextBoolean());
            } else {
                List<Consumer<UUID>> actions = actions(polar);
                actions.get(random.nextInt(actions.size()))
                        .accept(subscriptions.get(random.nextInt(subscriptions.size())));
            }
            emitted.addAll(polar.takeEvents());
        } catch (IllegalStateException refused) {
            assertThat(polar.takeEvents()).isEmpty();
        }
    }

    private static void buy(SimulatedPolar polar, UUID customer, Random random) {
        Catalogue catalogue = polar.catalogue();
        if (random.nextInt(4) == 0) {
            UUID seats = polar.checkouts().purchaseSeats(customer, 2, Map.of());
            polar.seats().claim(polar.seats().assign(seats, "claimed@customer.example"));
            polar.seats().assign(seats, "invited@customer.example");
            polar.checkouts().open(catalogue.pro(), "org-lived", Map.of(), false);
            return;
        }
        List<UUID> products = List.of(catalogue.pro(), catalogue.team(), catalogue.onboarding());
        UUID product = products.get(random.nextInt(products.size()));
        if (random.nextBoolean()) {
            polar.checkouts().purchase(customer, product, Map.of());
        } else {
            polar.checkouts().startTrial(customer, product, Map.of());
        }
    }

    private static List<Consumer<UUID>> actions(SimulatedPolar polar) {
        Subscriptions subscriptions = polar.subscriptions();
        Catalogue catalogue = polar.catalogue();
        return List.of(
                subscriptions::cancelAtPeriodEnd,
                subscriptions::uncancel,
                subscriptions::endPeriod,
                subscriptions::revoke,
                subscriptions::reinstate,
                subscriptions::renew,
                subscriptions::failToRenew,
                subscriptions::recoverPayment,
                subscriptions::pauseAtPeriodEnd,
                subscriptions::pause,
                subscriptions::resume,
                subscription -> subscriptions.changePlan(subscription, catalogue.team()),
                subscription -> subscriptions.changePlanAtPeriodEnd(subscription, catalogue.pro()));
    }

    private Map<String, Boolean> liveByGrantEvents() {
        Map<String, Boolean> granted = new HashMap<>();
        emitted.stream()
                .filter(event -> event.type().startsWith("benefit_grant."))
                .map(event -> json(event).get("data"))
                .forEach(grant -> granted.put(grant.get("id").asText(), grant.get("is_granted").asBoolean()));
        granted.values().removeIf(live -> !live);
        return granted;
    }

    private Map<String, Boolean> liveByLastSnapshot() {
        JsonNode granted = data(emitted, "customer.state_changed").get("granted_benefits");
        return StreamSupport.stream(granted.spliterator(), false)
                .collect(Collectors.toMap(grant -> grant.get("id").asText(), grant -> true));
    }

    private static Map<String, Boolean> ids(SimulatedPolar polar, UUID customer) {
        return polar.grants().live(customer).stream().collect(Collectors.toMap(UUID::toString, grant -> true));
    }
}
