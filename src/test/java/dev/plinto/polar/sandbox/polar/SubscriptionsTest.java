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
import org.junit.jupiter.api.Test;

class SubscriptionsTest {

    private final SimulatedPolar polar = new SimulatedPolar(InstantSource.fixed(Instant.parse("2026-11-03T08:00:00Z")),
            new Random(7));

    @Test
    void trial_isActiveAtOnce_andItsOrderIsPaidWithNothing() {
        UUID subscription = polar.checkouts().startTrial(customer(), polar.catalogue().pro(), Map.of());

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(data(events, "subscription.active").get("status").asText()).isEqualTo("trialing");
        assertThat(data(events, "order.paid").get("total_amount").asInt()).isZero();
        assertThat(polar.subscriptions().status(subscription)).isEqualTo(SubscriptionStatus.TRIALING);
    }

    @Test
    void recoveredPayment_givesBackTheSameGrants() {
        UUID customer = customer();
        UUID subscription = polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        var granted = polar.grants().live(customer);

        polar.subscriptions().failToRenew(subscription);
        assertThat(polar.grants().live(customer)).isEmpty();
        polar.takeEvents();
        polar.subscriptions().recoverPayment(subscription);

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly(
                "order.updated", "order.paid", "subscription.updated", "subscription.active", "order.updated",
                "benefit_grant.created", "benefit_grant.created", "customer.state_changed");
        assertThat(polar.grants().live(customer)).isEqualTo(granted);
        assertThat(data(events, "benefit_grant.created").get("modified_at").isNull()).isFalse();
    }

    @Test
    void planChange_revokesTheOldBeforeItGrantsTheNew_andKeepsWhatBothHave() {
        UUID customer = customer();
        UUID subscription = polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        polar.takeEvents();

        polar.subscriptions().changePlan(subscription, polar.catalogue().team());

        assertThat(types(polar.takeEvents())).containsExactly(
                "subscription.updated", "benefit_grant.revoked", "benefit_grant.created", "customer.state_changed");
        assertThat(polar.grants().benefitsOf(customer))
                .containsExactlyInAnyOrderElementsOf(polar.catalogue().benefitsOf(polar.catalogue().team()));
    }

    @Test
    void pendingPlanChange_takesEffectWithTheNextPeriod() {
        UUID subscription = polar.checkouts().purchase(customer(), polar.catalogue().pro(), Map.of());
        polar.takeEvents();

        polar.subscriptions().changePlanAtPeriodEnd(subscription, polar.catalogue().team());
        JsonNode pending = data(polar.takeEvents(), "subscription.updated").get("pending_update");
        assertThat(pending.get("product_id").asText()).isEqualTo(polar.catalogue().team().toString());

        polar.subscriptions().renew(subscription);

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly(
                "subscription.cycled", "subscription.updated", "order.created", "order.updated", "order.paid",
                "order.updated", "benefit_grant.cycled", "benefit_grant.revoked", "benefit_grant.created",
                "customer.state_changed");
        assertThat(data(events, "subscription.cycled").get("product_id")).isEqualTo(pending.get("product_id"));
        assertThat(data(events, "subscription.cycled").get("pending_update").isNull()).isTrue();
    }

    @Test
    void periodEndAfterCancel_emitsCanceledAgain_thenRevoked() {
        UUID subscription = polar.checkouts().purchase(customer(), polar.catalogue().pro(), Map.of());
        polar.takeEvents();

        polar.subscriptions().cancelAtPeriodEnd(subscription);
        assertThat(types(polar.takeEvents()))
                .containsExactly("subscription.updated", "subscription.canceled", "customer.state_changed");
        polar.subscriptions().endPeriod(subscription);

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly(
                "subscription.updated", "subscription.canceled", "subscription.revoked", "benefit_grant.revoked",
                "benefit_grant.revoked", "customer.state_changed");
        assertThat(data(events, "subscription.revoked").get("ended_at").isNull()).isFalse();
    }

    @Test
    void pauseAndResume_takeAndGiveBackTheBenefits() {
        UUID customer = customer();
        UUID subscription = polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        polar.takeEvents();

        polar.subscriptions().pauseAtPeriodEnd(subscription);
        polar.subscriptions().pause(subscription);
        assertThat(types(polar.takeEvents())).containsExactly(
                "subscription.updated", "customer.state_changed", "subscription.updated", "subscription.paused",
                "benefit_grant.revoked", "benefit_grant.revoked", "customer.state_changed");

        polar.subscriptions().resume(subscription);
        assertThat(types(polar.takeEvents())).containsExactly(
                "subscription.updated", "subscription.resumed", "order.created", "order.updated", "order.paid",
                "order.updated", "benefit_grant.created", "benefit_grant.created", "customer.state_changed");
    }

    @Test
    void reinstatedSubscription_givesBackTheSameGrants() {
        UUID customer = customer();
        UUID subscription = polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        var granted = polar.grants().live(customer);
        polar.subscriptions().revoke(subscription);
        polar.takeEvents();

        polar.subscriptions().reinstate(subscription);

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly(
                "subscription.updated", "subscription.active", "benefit_grant.created", "benefit_grant.created",
                "customer.state_changed");
        assertThat(data(events, "subscription.active").get("ended_at").isNull()).isTrue();
        assertThat(polar.grants().live(customer)).isEqualTo(granted);
    }

    @Test
    void impossibleAction_isRefused_andEmitsNothing() {
        UUID subscription = polar.checkouts().purchase(customer(), polar.catalogue().pro(), Map.of());
        polar.subscriptions().revoke(subscription);
        polar.takeEvents();

        assertThatThrownBy(() -> polar.subscriptions().renew(subscription)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> polar.subscriptions().uncancel(subscription))
                .isInstanceOf(IllegalStateException.class);
        assertThat(polar.takeEvents()).isEmpty();
    }

    private UUID customer() {
        UUID customer = polar.customers().create("org-test");
        polar.takeEvents();
        return customer;
    }
}
