package dev.plinto.polar.sandbox.polar.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.Verdict;
import dev.plinto.polar.polar.WebhookSignature;
import dev.plinto.polar.sandbox.polar.ListedObject;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.sandbox.provider.DeliveryFault;
import dev.plinto.polar.sandbox.provider.Faults;
import dev.plinto.polar.sandbox.provider.Receiver;
import dev.plinto.polar.sandbox.provider.Receiver.Received;
import dev.plinto.polar.sandbox.provider.SimulatedClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Polar's delivery rules, against a receiver on this machine, on a manual clock.
class DeliveryEngineTest {

    private static final String SECRET = "whsec_cHJvYmUtcHJvYmUtcHJvYmUtcHJvYmUtcHJvYmUtcHI=";
    private static final InstantSource MACHINE = InstantSource.system();

    private final SimulatedClock clock = SimulatedClock.manual(Instant.parse("2026-11-03T08:00:00Z"));
    private final SimulatedPolar polar = new SimulatedPolar(clock, new Random(5));
    private final UUID customer = polar.customers().create("org-1");
    private final Receiver receiver = new Receiver();
    private final UUID endpoint = polar.webhooks().createEndpoint(receiver.url(), SECRET);
    private DeliveryEngine engine = start();

    DeliveryEngineTest() {
        polar.takeEvents();
    }

    @AfterEach
    void stop() {
        engine.close();
        receiver.close();
    }

    @Test
    void purchase_arrivesInOrder_signed_byteForByte() throws InterruptedException {
        polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        List<WebhookEvent> emitted = polar.takeEvents();

        engine.pass(Duration.ofMinutes(1));

        assertThat(receiver.types()).containsExactlyElementsOf(emitted.stream().map(WebhookEvent::type).toList());
        for (int i = 0; i < emitted.size(); i++) {
            Received received = receiver.received.get(i);
            assertThat(received.body()).isEqualTo(emitted.get(i).body());
            assertThat(received.header("webhook-id")).isEqualTo(emitted.get(i).webhookId());
            assertThat(received.header("webhook-api-version")).isEqualTo("2026-10");
            assertThat(schemeOf(received)).isEqualTo("standard");
        }
    }

    @Test
    void endpointWithAnOldSecret_isSignedTheOldWay() throws InterruptedException {
        polar.webhooks().setSecret(endpoint, SECRET, false);
        polar.customers().rename(customer, "Kim");

        engine.pass(Duration.ofMinutes(1));

        assertThat(receiver.received).hasSize(2)
                .allSatisfy(received -> assertThat(schemeOf(received)).isEqualTo("legacy"));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 404, 410, 500})
    void failingDelivery_isAttemptedTenTimes_withinAnHour_thenNeverAgain(int status) throws InterruptedException {
        receiver.answer = received -> status;
        receiver.body = "no\0pe".repeat(1_000);
        engine.pass(Duration.ofMinutes(1));
        UUID event = emitOne();

        engine.pass(Duration.ofMinutes(26));
        assertThat(receiver.received).hasSizeBetween(7, 9);
        engine.pass(Duration.ofMinutes(30));

        assertThat(receiver.received).hasSize(10)
                .allSatisfy(received -> assertThat(received.path()).isEqualTo("/hooks"));
        assertThat(polar.eventLog().succeeded(event)).contains(false);
        List<ListedObject> log = polar.records().deliveries().toList();
        assertThat(log).hasSize(10).allSatisfy(delivery -> {
            assertThat(delivery.keys().get("http_code")).isEqualTo(status);
            assertThat(delivery.json().get().get("response").asText()).hasSize(2_048).doesNotContain("\0");
        });
        assertThat(pausesIn(log)).satisfies(pauses -> {
            for (int i = 0; i < pauses.size(); i++) {
                long longest = Math.min(4_000L << (i + 1), 1_200_000L);
                assertThat(pauses.get(i)).isBetween(Duration.ofMillis(longest / 2 - 200), Duration.ofMillis(longest));
            }
        });
    }

    @Test
    void failedEvent_doesNotBlockNewerOnes_soItsRetryIsStale() throws InterruptedException {
        engine.faults().next("customer.updated", 1, DeliveryFault.DROP);
        polar.customers().rename(customer, "Kim");
        polar.customers().rename(customer, "Robin");

        engine.pass(Duration.ofMinutes(1));

        assertThat(receiver.types()).containsExactly(
                "customer.state_changed", "customer.updated", "customer.state_changed", "customer.updated");
        assertThat(new String(receiver.received.getLast().body(), StandardCharsets.UTF_8))
                .contains("Kim");
    }

    @Test
    void tenFailedEventsInARow_switchTheEndpointOff_andStopNewEvents() throws InterruptedException {
        receiver.answer = received -> 500;
        List<UUID> failed = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            failed.add(emitOne());
        }
        engine.pass(Duration.ofMinutes(26));
        assertThat(polar.webhooks().enabled(endpoint)).isTrue();
        UUID pending = emitOne();

        engine.pass(Duration.ofHours(1));

        assertThat(polar.webhooks().enabled(endpoint)).isFalse();
        assertThat(failed).allSatisfy(event -> assertThat(polar.eventLog().succeeded(event)).contains(false));
        assertThat(polar.eventLog().skipped(pending)).isTrue();
        int known = polar.eventLog().of(endpoint).size();
        polar.customers().rename(customer, "Not delivered");
        polar.webhooks().setEnabled(endpoint, true);
        receiver.answer = received -> 202;
        receiver.received.clear();
        engine.pass(Duration.ofHours(1));
        assertThat(polar.eventLog().of(endpoint)).hasSize(known);
        assertThat(receiver.received).isEmpty();
    }

    @Test
    void oneSuccessAmongTen_keepsTheEndpointOn() throws InterruptedException {
        receiver.answer = received -> received.type().equals("customer.state_changed") ? 202 : 500;
        polar.webhooks().select(endpoint, List.of("customer.updated", "customer.state_changed"));
        for (int i = 0; i < 12; i++) {
            polar.customers().rename(customer, "Kim " + i);
        }

        engine.pass(Duration.ofHours(2));

        assertThat(polar.webhooks().enabled(endpoint)).isTrue();
    }

    @Test
    void redelivery_carriesTheSameBytes_once_evenAfterSuccessOrTenAttempts() throws InterruptedException {
        UUID event = emitOne();
        engine.pass(Duration.ofMinutes(1));
        polar.eventLog().redeliver(event);
        engine.pass(Duration.ZERO);
        assertThat(receiver.received).hasSize(2);
        assertThat(receiver.received.get(1).body()).isEqualTo(receiver.received.get(0).body());

        receiver.answer = received -> 500;
        UUID failed = emitOne();
        engine.pass(Duration.ofHours(1));
        int attempts = receiver.received.size();
        polar.eventLog().redeliver(failed);
        engine.pass(Duration.ofHours(1));
        assertThat(receiver.received).hasSize(attempts + 1);
    }

    @Test
    void lostAcknowledgement_isADuplicateLater() throws InterruptedException {
        engine.faults().next("", 1, DeliveryFault.LOST_ACKNOWLEDGEMENT);
        UUID event = emitOne();

        engine.pass(Duration.ofMinutes(1));

        assertThat(receiver.received).hasSize(2);
        assertThat(polar.records().deliveries().map(delivery -> delivery.keys().get("succeeded")).toList())
                .isEqualTo(List.of(false, true));
        assertThat(polar.eventLog().succeeded(event)).contains(true);
    }

    @Test
    void faults_haveTheirEffect() throws InterruptedException {
        engine.faults().next("customer.updated", 1, DeliveryFault.DUPLICATE);
        polar.customers().rename(customer, "Kim");
        engine.pass(Duration.ofMinutes(1));
        assertThat(receiver.types())
                .containsExactly("customer.updated", "customer.updated", "customer.state_changed");

        receiver.received.clear();
        engine.faults().next("customer.updated", 1, DeliveryFault.REORDER);
        polar.customers().rename(customer, "Robin");
        engine.pass(Duration.ofMinutes(1));
        assertThat(receiver.types()).containsExactly("customer.state_changed", "customer.updated");

        receiver.received.clear();
        engine.faults().next("customer.updated", Faults.ALWAYS, DeliveryFault.WRONG_KEY);
        polar.customers().rename(customer, "Alex");
        engine.pass(Duration.ofSeconds(1));
        assertThat(schemeOf(receiver.received.getFirst())).isNull();
        engine.faults().clear();
        assertThat(engine.faults().rules()).isEmpty();
    }

    @Test
    void pendingEvents_areDeliveredByTheNextEngine() throws InterruptedException {
        receiver.answer = received -> 503;
        UUID event = emitOne();
        engine.pass(Duration.ofSeconds(1));
        engine.close();
        receiver.answer = received -> 202;

        engine = start();
        engine.pass(Duration.ofMinutes(1));

        assertThat(polar.eventLog().succeeded(event)).contains(true);
        assertThat(receiver.received).hasSize(2);
    }

    @Test
    void manualClock_reproducesEveryRun_evenWithFaults() throws InterruptedException {
        assertThat(log(7)).isEqualTo(log(7)).isNotEqualTo(log(8));
    }

    @Test
    void archivedEvent_isNeitherRedelivered_norShownWithItsPayload() throws InterruptedException {
        UUID event = emitOne();
        engine.pass(Duration.ofDays(91));
        polar.eventLog().archive();

        polar.eventLog().redeliver(event);
        engine.pass(Duration.ofHours(1));

        assertThat(receiver.received).hasSize(1);
        JsonNode shown = polar.records().deliveries().findFirst().orElseThrow().json().get().get("webhook_event");
        assertThat(shown.get("is_archived").asBoolean()).isTrue();
        assertThat(shown.get("payload").isNull()).isTrue();
    }

    /// Polar's log of a purchase that is delivered with faults.
    private String log(long seed) throws InterruptedException {
        SimulatedClock ownClock = SimulatedClock.manual(Instant.parse("2026-11-03T08:00:00Z"));
        SimulatedPolar own = new SimulatedPolar(ownClock, new Random(seed));
        own.webhooks().createEndpoint(receiver.url(), SECRET);
        own.webhooks().createEndpoint(receiver.url(), SECRET);
        try (DeliveryEngine faulty = DeliveryEngine.start(own, ownClock, DeliveryRules.ofPolar(), MACHINE, seed)) {
            faulty.faults().sometimes("", 0.3, DeliveryFault.DROP);
            faulty.faults().sometimes("", 0.1, DeliveryFault.REORDER);
            own.checkouts().purchase(own.customers().create("org-1"), own.catalogue().pro(), Map.of());
            faulty.pass(Duration.ofHours(1));
            return own.records().deliveries().map(delivery -> delivery.json().get().toString()).toList().toString();
        }
    }

    /// Makes one change and returns the id of its event.
    private UUID emitOne() {
        polar.catalogue().renameMerchant("Plinto " + polar.now());
        return UUID.fromString(polar.takeEvents().getFirst().webhookId());
    }

    private DeliveryEngine start() {
        return DeliveryEngine.start(polar, clock, DeliveryRules.ofPolar().withWorkers(1), MACHINE, 1);
    }

    private static List<Duration> pausesIn(List<ListedObject> log) {
        List<Instant> attempts = log.stream().map(delivery -> (Instant) delivery.keys().get("created_at")).toList();
        List<Duration> pauses = new ArrayList<>();
        for (int i = 1; i < attempts.size(); i++) {
            pauses.add(Duration.between(attempts.get(i - 1), attempts.get(i)));
        }
        return pauses;
    }

    /// Null if it is not signed with the endpoint's secret.
    private static String schemeOf(Received received) {
        Verdict verdict = new WebhookSignature(List.of(SECRET)).verify(
                received.header("webhook-id"), received.header("webhook-timestamp"),
                received.header("webhook-signature"),
                received.body(), MACHINE.instant());
        return verdict instanceof Verdict.Valid valid ? valid.scheme() : null;
    }
}
