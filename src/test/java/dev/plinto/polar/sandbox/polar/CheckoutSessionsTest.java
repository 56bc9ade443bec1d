package dev.plinto.polar.sandbox.polar;

import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.types;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.provider.SimulatedClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What checkouts keep and look up.
class CheckoutSessionsTest {

    private final SimulatedClock clock = SimulatedClock.manual(Instant.parse("2026-11-03T08:00:00Z"));
    private final SimulatedPolar polar = new SimulatedPolar(clock, new Random(7));

    @Test
    void latePayment_survivesARestart() throws IOException, InterruptedException {
        UUID checkout = open(polar);
        polar.checkoutSessions().confirm(checkout, buyer(), TestCard.PAYS_LATER.token());

        SimulatedPolar restarted = SimulatedPolar.restored(polar.saved(), clock, new Random(8));
        clock.advance(Duration.ofSeconds(30));
        restarted.calendar().catchUp();
        restarted.calendar().catchUp();

        assertThat(types(restarted.takeEvents())).startsWith("subscription.created").hasSize(11);
        assertThat(restarted.checkoutSessions().json(checkout).get("status").asText()).isEqualTo("succeeded");
    }

    @Test
    void stateOfAnOlderVersion_isContinued() throws IOException {
        UUID checkout = polar.checkouts().open(polar.catalogue().pro(), "org-old", Map.of(), false);
        ObjectNode older = (ObjectNode) SimulatedJson.MAPPER.readTree(polar.saved());
        older.remove(List.of("sessions", "selling_rules"));
        ((ObjectNode) older.at("/checkouts/" + checkout)).retain("id", "created_at", "modified_at", "status",
                "client_secret", "expires_at", "trial", "seats", "product_id", "customer_id", "subscription_id",
                "external_customer_id", "metadata");

        SimulatedPolar restarted = SimulatedPolar.restored(
                SimulatedJson.MAPPER.writeValueAsBytes(older), clock, new Random(8));
        restarted.checkoutSessions().confirm(checkout, buyer(), TestCard.PAYS.token());

        assertThat(types(restarted.takeEvents())).startsWith("checkout.updated").endsWith("customer.state_changed");
        assertThat(restarted.checkoutSessions().json(checkout).get("products")).hasSize(1);
    }

    @Test
    void trialOfAScenario_survivesAnUpdate() {
        UUID checkout = polar.checkouts().open(polar.catalogue().pro(), "org-trial", Map.of(), true);

        polar.checkoutSessions().update(checkout, fields("customer_name", "Kim"));

        assertThat(polar.checkoutSessions().json(checkout).get("trial_end").asText()).startsWith("2026-11-17T08:00");
    }

    @Test
    void code_findsTheDiscount_andAnEmptyOneTakesItAway() {
        UUID discount = polar.catalogue().addDiscount("Launch", 50);
        polar.state().discounts.computeIfPresent(discount, (id, plain) -> withCode(plain, "LAUNCH"));
        UUID checkout = open(polar);

        polar.checkoutSessions().update(checkout, fields("discount_code", " launch "));
        assertThat(polar.checkoutSessions().json(checkout).get("net_amount").asInt()).isEqualTo(1_450);

        assertThatThrownBy(() -> polar.checkoutSessions().update(checkout, fields("discount_code", "LUNCH")))
                .isInstanceOf(InvalidFields.class);
        polar.checkoutSessions().update(checkout, fields("discount_code", ""));
        assertThat(polar.checkoutSessions().json(checkout).get("net_amount").asInt()).isEqualTo(2_900);
    }

    @Test
    void discount_isForACustomerAsOftenAsItSays() {
        UUID discount = polar.catalogue().addDiscount("Once", 50);
        polar.state().discounts.computeIfPresent(discount, (id, plain) -> withCode(plain, "ONCE"));
        UUID first = open(polar);
        UUID second = open(polar);
        polar.checkoutSessions().confirm(first, buyer().put("discount_code", "ONCE"), TestCard.PAYS.token());
        polar.takeEvents();

        assertThatThrownBy(() -> polar.checkoutSessions()
                .confirm(second, buyer().put("discount_code", "ONCE"), TestCard.PAYS.token()))
                .isInstanceOfSatisfying(Refusal.class, refusal -> assertThat(refusal.error())
                        .isEqualTo("DiscountRedemptionLimitReached"));
        assertThat(polar.takeEvents()).isEmpty();
    }

    @Test
    void pages_areAtTheSandboxThatServesThem() {
        UUID checkout = open(polar);
        assertThat(polar.checkoutSessions().json(checkout).get("url").asText())
                .startsWith("https://sandbox.polar.sh/checkout/polar_c_");

        polar.servePagesAt("http://127.0.0.1:8080/sandbox/polar");

        String secret = polar.checkoutSessions().json(checkout).get("client_secret").asText();
        assertThat(polar.checkoutSessions().json(checkout).get("url").asText())
                .isEqualTo("http://127.0.0.1:8080/sandbox/polar/checkout/" + secret);
        assertThat(polar.checkoutSessions().withSecret(secret)).hasValue(checkout);
    }

    private static UUID open(SimulatedPolar polar) {
        UUID checkout = polar.checkoutSessions().create(
                List.of(polar.catalogue().pro()), JsonNodeFactory.instance.objectNode());
        polar.takeEvents();
        return checkout;
    }

    private static ObjectNode buyer() {
        ObjectNode buyer = fields("customer_email", "kim@example.org");
        buyer.putObject("customer_billing_address").put("country", "ES");
        return buyer;
    }

    private static ObjectNode fields(String name, String value) {
        return JsonNodeFactory.instance.objectNode().put(name, value);
    }

    private static Discount withCode(Discount plain, String code) {
        return Discount.of(plain.id(), plain.createdAt(), null, 0, plain.organizationId(), new DiscountTerms(
                plain.name(), code, plain.type(), plain.duration(), null, plain.basisPoints(), null, null, null, null,
                1, List.of(), plain.metadata()));
    }
}
