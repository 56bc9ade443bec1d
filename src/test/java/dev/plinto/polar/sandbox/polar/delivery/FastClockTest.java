package dev.plinto.polar.sandbox.polar.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.sandbox.provider.Receiver;
import dev.plinto.polar.sandbox.provider.SimulatedClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The same rules on a clock that runs a hundred times as fast as the machine's, with several workers.
class FastClockTest {

    private static final String SECRET = "whsec_cHJvYmUtcHJvYmUtcHJvYmUtcHJvYmUtcHJvYmUtcHI=";
    private static final InstantSource MACHINE = InstantSource.system();

    private final SimulatedClock clock = SimulatedClock.fast(MACHINE, 100);
    private final SimulatedPolar polar = new SimulatedPolar(clock, new Random(5));
    private final Receiver receiver = new Receiver();

    FastClockTest() {
        polar.webhooks().createEndpoint(receiver.url(), SECRET);
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    @Test
    void firstAttempts_areInOrder() {
        try (DeliveryEngine engine = start()) {
            assertThat(engine).isNotNull();
            List<WebhookEvent> emitted = polar.exclusively(() -> {
                polar.checkouts().purchase(polar.customers().create("org-1"), polar.catalogue().pro(), Map.of());
                return polar.takeEvents();
            });

            await().atMost(Duration.ofSeconds(20)).until(() -> receiver.received.size() == emitted.size());
            assertThat(receiver.types()).containsExactlyElementsOf(emitted.stream().map(WebhookEvent::type).toList());
        }
    }

    @Test
    void eventsOfManyDays_areInOrder() {
        try (DeliveryEngine engine = start()) {
            assertThat(engine).isNotNull();
            List<WebhookEvent> emitted = polar.exclusively(() -> {
                polar.checkouts().purchase(polar.customers().create("org-1"), polar.catalogue().pro(), Map.of());
                polar.calendar().move(now -> now.plus(Duration.ofDays(70)));
                return polar.takeEvents();
            });

            await().atMost(Duration.ofSeconds(20)).until(() -> receiver.received.size() == emitted.size());
            assertThat(receiver.types()).containsExactlyElementsOf(emitted.stream().map(WebhookEvent::type).toList());
        }
    }

    @Test
    void severalEndpoints_areServedAtTheSameTime() {
        polar.webhooks().createEndpoint(receiver.url(), SECRET);
        CountDownLatch bothAreHere = new CountDownLatch(2);
        receiver.answer = received -> {
            bothAreHere.countDown();
            return Receiver.within10Seconds(bothAreHere) ? 202 : 500;
        };
        try (DeliveryEngine engine = start()) {
            assertThat(engine).isNotNull();
            UUID event = polar.exclusively(() -> {
                polar.catalogue().renameMerchant("Plinto");
                return UUID.fromString(polar.takeEvents().getFirst().webhookId());
            });

            await().atMost(Duration.ofSeconds(10)).until(
                    () -> polar.exclusively(() -> polar.eventLog().succeeded(event)).isPresent());
            assertThat(receiver.received).hasSize(2);
        }
    }

    private DeliveryEngine start() {
        return DeliveryEngine.start(polar, clock, DeliveryRules.ofPolar(), MACHINE, 1);
    }
}
