package dev.plinto.polar.sandbox.conekta;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.sandbox.conekta.delivery.ConektaDelivery;
import dev.plinto.polar.sandbox.conekta.delivery.RetryRules;
import dev.plinto.polar.sandbox.provider.DeliveryFault;
import dev.plinto.polar.sandbox.provider.Receiver;
import dev.plinto.polar.sandbox.provider.Receiver.Received;
import dev.plinto.polar.sandbox.provider.SimulatedClock;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Conekta's signatures and retries, against a receiver on this machine, on a manual clock.
class ConektaDeliveryTest {

    private static final Instant START = Instant.parse("2026-11-03T08:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SimulatedClock clock = SimulatedClock.manual(START);
    private final SimulatedConekta conekta = new SimulatedConekta(clock, new Random(5));
    private final Receiver receiver = new Receiver();
    private final String webhook = conekta.webhooks().create(receiver.url(),
            List.of("subscription.paused", "order.paid"));
    private final String key = conekta.webhooks().createKey(true);
    private final ConektaDelivery delivery = ConektaDelivery.start(conekta, clock, RetryRules.ofConekta(), 1);

    @AfterEach
    void stop() {
        delivery.close();
        receiver.close();
    }

    @Test
    void webhook_getsTheTypesItHasSubscribedTo_signed() throws Exception {
        play();
        delivery.pass(Duration.ofMinutes(1));

        assertThat(receiver.types()).containsExactly("order.paid");
        Received received = receiver.received.getFirst();
        assertThat(verifies(conekta.webhooks().publicKey(key), received)).isTrue();
        assertThat(received.header("content-type")).isEqualTo("application/json");
        assertThat(event(received).path("data").path("object").path("object").asText()).isEqualTo("order");
        assertThat(conekta.records().event(id(received)).path("webhook_status").asText()).isEqualTo("successful");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 404, 410, 500})
    void refusedEvent_isRetriedThirteenTimes_withinADay(int status) throws Exception {
        List<Instant> attempts = new ArrayList<>();
        receiver.answer = attempt -> {
            attempts.add(clock.instant());
            return status;
        };
        play();

        delivery.pass(Duration.ofDays(3));

        assertThat(attempts).hasSize(14);
        assertThat(Duration.between(attempts.getFirst(), attempts.getLast()))
                .isBetween(Duration.ofHours(23), Duration.ofHours(25));
        for (int i = 2; i < attempts.size(); i++) {
            assertThat(Duration.between(attempts.get(i - 1), attempts.get(i)))
                    .isEqualTo(Duration.between(attempts.get(i - 2), attempts.get(i - 1)).multipliedBy(2));
        }
        assertThat(receiver.received).extracting(this::id).containsOnly(id(receiver.received.getFirst()));
        assertThat(conekta.records().event(id(receiver.received.getFirst())).path("webhook_status").asText())
                .isEqualTo("failing");
    }

    @Test
    void retry_tellsOfTheFailedAttempt_andIsSignedAnew() throws Exception {
        receiver.answer = attempt -> receiver.received.size() == 1 ? 503 : 200;
        play();

        delivery.pass(Duration.ofHours(1));

        assertThat(receiver.received).hasSize(2);
        Received second = receiver.received.getLast();
        JsonNode log = event(second).path("webhook_logs").path(0);
        assertThat(log.path("failed_attempts").asInt()).isEqualTo(1);
        assertThat(log.path("last_http_response_status").asInt()).isEqualTo(503);
        assertThat(verifies(conekta.webhooks().publicKey(key), second)).isTrue();
        assertThat(event(second).path("data")).isEqualTo(event(receiver.received.getFirst()).path("data"));
    }

    @Test
    void newestActiveKey_signs() throws Exception {
        String next = conekta.webhooks().createKey(true);
        play();
        delivery.pass(Duration.ofMinutes(1));
        assertThat(verifies(conekta.webhooks().publicKey(next), receiver.received.getFirst())).isTrue();
        assertThat(verifies(conekta.webhooks().publicKey(key), receiver.received.getFirst())).isFalse();

        conekta.webhooks().setKeyActive(next, false);
        play();
        delivery.pass(Duration.ofMinutes(1));
        assertThat(verifies(conekta.webhooks().publicKey(key), receiver.received.getLast())).isTrue();

        conekta.webhooks().deleteKey(key);
        play();
        delivery.pass(Duration.ofMinutes(1));
        assertThat(receiver.received.getLast().header("DIGEST")).isNull();
    }

    @Test
    void fault_isInjected() throws Exception {
        delivery.faults().next("order.paid", 1, DeliveryFault.WRONG_KEY);
        receiver.answer = attempt -> receiver.received.size() == 1 ? 401 : 200;
        play();

        delivery.pass(Duration.ofHours(1));

        assertThat(receiver.received).hasSize(2);
        assertThat(verifies(conekta.webhooks().publicKey(key), receiver.received.getFirst())).isFalse();
        assertThat(verifies(conekta.webhooks().publicKey(key), receiver.received.getLast())).isTrue();
    }

    @Test
    void pingAndResend_goToOneWebhook() throws Exception {
        String other = conekta.webhooks().create(receiver.url() + "/other", List.of());
        conekta.exclusively(() -> conekta.eventLog().ping(webhook));
        delivery.pass(Duration.ofMinutes(1));
        assertThat(receiver.types()).containsExactly("webhook_ping");
        String ping = id(receiver.received.getFirst());

        conekta.exclusively(() -> conekta.eventLog().resend(ping, other));
        delivery.pass(Duration.ofMinutes(1));

        assertThat(receiver.received).extracting(Received::path).containsExactly("/hooks", "/hooks/other");
        assertThat(receiver.received).extracting(this::id).containsOnly(ping);
    }

    private void play() {
        conekta.exclusively(() -> {
            String customer = conekta.customers().create("Ana", "ana@example.mx", "+5215555555555");
            String plan = conekta.plans().createMonthly("Pro", 138_000);
            conekta.payments().payByCard(conekta.orders().create(
                    OrderRequest.of(customer, "Pro", 138_000, CheckoutTerms.ofPlan(plan))));
        });
    }

    private String id(Received received) {
        return event(received).path("id").asText();
    }

    private static JsonNode event(Received received) {
        try {
            return JSON.readTree(received.body());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean verifies(String pem, Received received) throws GeneralSecurityException {
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        RSAPublicKey publicKey = (RSAPublicKey) KeyFactory.getInstance("RSA")
                .generatePublic(new X509EncodedKeySpec(der));
        assertThat(publicKey.getModulus().bitLength()).isEqualTo(2_048);
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(publicKey);
        signature.update(received.body());
        return signature.verify(Base64.getDecoder().decode(received.header("DIGEST")));
    }
}
