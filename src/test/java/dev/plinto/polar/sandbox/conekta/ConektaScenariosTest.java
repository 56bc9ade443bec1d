package dev.plinto.polar.sandbox.conekta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.sandbox.provider.SimulatedClock;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConektaScenariosTest {

    private static final List<String> BOUGHT = List.of(
            "charge.created", "charge.paid", "order.paid", "subscription.created", "subscription.paid");

    private static final Instant START = Instant.parse("2026-11-03T08:00:00Z");

    private final SimulatedConekta conekta = new SimulatedConekta(SimulatedClock.manual(START), new Random(3));
    private final ConektaScenarios scenarios = new ConektaScenarios(conekta);

    @Test
    void mexicoPurchase_namesTheOrganizationTwice() {
        ConektaScenarios.Played played = scenarios.mexicoPurchase("org-1");

        assertThat(types(played)).isEqualTo(BOUGHT);
        assertThat(conekta.records().order(played.orderId()).path("metadata").path("organization_id").asText())
                .isEqualTo("org-1");
        assertThat(conekta.records().subscription(played.subscriptionId()).path("customer_custom_reference").asText())
                .isEqualTo("org-1");
    }

    @Test
    void organization_hasOneCustomer() {
        assertThat(scenarios.mexicoPurchase("org-1").customerId())
                .isEqualTo(scenarios.oxxoPendingThenPaid("org-1").customerId())
                .isNotEqualTo(scenarios.mexicoPurchase("org-2").customerId());
    }

    @Test
    void oxxo_isPendingThenPaid() {
        assertThat(types(scenarios.oxxoPendingThenPaid("org-1"))).containsExactly(
                "charge.created", "order.pending_payment", "charge.paid", "order.paid");
    }

    @Test
    void spei_expires() {
        assertThat(types(scenarios.speiExpired("org-1"))).containsExactly(
                "charge.created", "order.pending_payment", "order.expired");
    }

    @Test
    void renewal_paysTheSecondMonth() {
        List<String> types = types(scenarios.renewal("org-1"));

        assertThat(types.subList(0, BOUGHT.size())).isEqualTo(BOUGHT);
        assertThat(types.subList(BOUGHT.size(), types.size())).containsExactly(
                "charge.created", "charge.paid", "order.paid", "subscription.paid");
    }

    @Test
    void failedPayment_endsInACancellation_afterThreeRetries() {
        ConektaScenarios.Played played = scenarios.paymentFailedThenCanceled("org-1");

        assertThat(types(played).stream().filter("subscription.payment_failed"::equals)).hasSize(4);
        assertThat(types(played)).endsWith("subscription.canceled");
        assertThat(conekta.subscriptions().billingCycleEnd(played.subscriptionId()))
                .isEqualTo(Instant.parse("2026-12-03T08:00:00Z"));
    }

    @Test
    void seed_determinesEveryByte() {
        assertThat(bodies(new Random(7))).isEqualTo(bodies(new Random(7))).isNotEqualTo(bodies(new Random(8)));
    }

    private static List<String> bodies(Random random) {
        return new ConektaScenarios(new SimulatedConekta(SimulatedClock.manual(START), random))
                .paymentFailedThenCanceled("org-1").events().stream().map(ConektaEvent::toString).toList();
    }

    private static List<String> types(ConektaScenarios.Played played) {
        return played.events().stream().map(ConektaEvent::type).toList();
    }
}
