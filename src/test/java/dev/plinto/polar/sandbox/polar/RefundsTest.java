package dev.plinto.polar.sandbox.polar;

import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.data;
import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.types;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What Polar sends about refunds, in its order.
class RefundsTest {

    private final SimulatedPolar polar = new SimulatedPolar(InstantSource.fixed(Instant.parse("2026-11-03T08:00:00Z")),
            new Random(7));
    private final UUID customer = polar.customers().create("org-test");

    private UUID ofSubscription;
    private UUID once;

    @BeforeEach
    void buy() {
        polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        ofSubscription = polar.orders().of(customer).getFirst();
        once = polar.checkouts().purchase(customer, polar.catalogue().onboarding(), Map.of());
        polar.takeEvents();
    }

    @Test
    void refund_isToldBeforeItsOrder_andLeavesTheBenefitsOfASubscription() {
        polar.refunds().refund(ofSubscription, false);

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly("refund.created", "order.updated", "order.refunded");
        assertThat(data(events, "refund.created").get("status").asText()).isEqualTo("succeeded");
        for (String type : List.of("order.updated", "order.refunded")) {
            JsonNode order = data(events, type);
            assertThat(order.get("status").asText()).isEqualTo("refunded");
            assertThat(order.get("refunded_amount")).isEqualTo(order.get("net_amount"));
            assertThat(order.get("refunded_tax_amount")).isEqualTo(order.get("tax_amount"));
            assertThat(order.get("refundable_amount").asInt()).isZero();
        }
        assertThat(polar.grants().live(customer)).hasSize(4);
        assertThatThrownBy(() -> polar.refunds().refund(ofSubscription, true))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void pendingRefund_changesTheOrderOnlyWhenItSucceeds() {
        UUID refund = polar.refunds().request(once, 1_000);

        List<WebhookEvent> requested = polar.takeEvents();
        assertThat(types(requested)).containsExactly("refund.created");
        assertThat(data(requested, "refund.created").get("status").asText()).isEqualTo("pending");

        polar.refunds().complete(refund);

        List<WebhookEvent> completed = polar.takeEvents();
        assertThat(types(completed)).containsExactly("refund.updated", "order.updated", "order.refunded");
        assertThat(data(completed, "refund.updated").get("status").asText()).isEqualTo("succeeded");
        assertThat(data(completed, "order.refunded").get("status").asText()).isEqualTo("partially_refunded");
        assertThat(data(completed, "order.refunded").get("refunded_amount").asInt()).isEqualTo(1_000);
    }

    @Test
    void oneTimeOrder_losesItsBenefitsWithTheRefund_ifWanted() {
        polar.refunds().refund(once, true);

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly(
                "refund.created", "order.updated", "order.refunded", "benefit_grant.revoked", "benefit_grant.revoked",
                "customer.state_changed");
        assertThat(data(events, "refund.created").get("revoke_benefits").asBoolean()).isTrue();
        assertThat(data(events, "customer.state_changed").get("granted_benefits")).hasSize(2);
    }

    @Test
    void refundOfTheRest_leavesWhatIsPending() {
        UUID pending = polar.refunds().request(once, 3);
        polar.refunds().refund(once, false);
        polar.takeEvents();

        assertThat(polar.refunds().possible(once)).isFalse();
        assertThatThrownBy(() -> polar.refunds().refund(once, false)).isInstanceOf(IllegalStateException.class);

        polar.refunds().complete(pending);

        JsonNode order = data(polar.takeEvents(), "order.refunded");
        assertThat(order.get("status").asText()).isEqualTo("refunded");
        assertThat(order.get("refunded_tax_amount")).isEqualTo(order.get("tax_amount"));
        assertThat(order.get("refundable_tax_amount").asInt()).isZero();
        assertThatThrownBy(() -> polar.refunds().complete(pending)).isInstanceOf(IllegalStateException.class);
    }
}
