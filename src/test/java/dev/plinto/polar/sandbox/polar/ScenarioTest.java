package dev.plinto.polar.sandbox.polar;

import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.data;
import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.types;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScenarioTest {

    private static final List<String> PURCHASE = List.of(
            "subscription.created", "subscription.active", "subscription.updated", "order.created", "order.updated",
            "order.paid", "checkout.updated", "order.updated", "benefit_grant.created", "benefit_grant.created",
            "customer.state_changed");
    private static final List<String> FIRST_PURCHASE = both(
            List.of("checkout.created", "checkout.updated", "member.created", "customer.created",
                    "customer.state_changed"),
            PURCHASE);
    private static final List<String> FAILED_PAYMENT = List.of(
            "subscription.cycled", "subscription.updated", "order.created", "subscription.updated",
            "subscription.past_due", "benefit_grant.revoked", "benefit_grant.revoked", "customer.state_changed");
    private static final List<String> CANCELLATION = List.of("subscription.updated", "subscription.canceled",
            "customer.state_changed");

    private final ScenarioPlayer player = new ScenarioPlayer(
            new SimulatedPolar(InstantSource.fixed(Instant.parse("2026-11-03T08:00:00Z")), new Random(11)));

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void newOrganization_getsMissingStepsFirst(Scenario scenario) {
        assertThat(played(scenario)).containsExactlyElementsOf(switch (scenario) {
            case PURCHASE, TRIAL -> FIRST_PURCHASE;
            case CANCEL_AT_PERIOD_END -> both(FIRST_PURCHASE, CANCELLATION);
            case UNCANCEL -> both(both(FIRST_PURCHASE, CANCELLATION), afterwards(scenario));
            case PAYMENT_FAILED -> both(FIRST_PURCHASE, FAILED_PAYMENT);
            case PAYMENT_RECOVERED -> both(both(FIRST_PURCHASE, FAILED_PAYMENT), afterwards(scenario));
            case RENEWAL, PLAN_CHANGE, REVOKED, REFUND -> both(FIRST_PURCHASE, afterwards(scenario));
        });
    }

    @ParameterizedTest
    @EnumSource(value = Scenario.class, mode = EnumSource.Mode.EXCLUDE, names = {"UNCANCEL", "PAYMENT_RECOVERED"})
    void knownOrganization_getsOnlyTheScenario(Scenario scenario) {
        played(Scenario.PURCHASE);

        assertThat(played(scenario)).containsExactlyElementsOf(afterwards(scenario));
    }

    @Test
    void uncancelAndRecovery_useTheExistingState() {
        played(Scenario.CANCEL_AT_PERIOD_END);
        assertThat(played(Scenario.UNCANCEL)).containsExactlyElementsOf(afterwards(Scenario.UNCANCEL));
        played(Scenario.PAYMENT_FAILED);
        assertThat(played(Scenario.PAYMENT_RECOVERED))
                .containsExactlyElementsOf(afterwards(Scenario.PAYMENT_RECOVERED));
    }

    @Test
    void organization_isNamedTwice_asPlintosCheckoutDoes() {
        List<WebhookEvent> events = player.play(Scenario.PURCHASE, "org-named").events();

        assertThat(data(events, "customer.created").get("external_id").asText()).isEqualTo("org-named");
        assertThat(data(events, "checkout.created").get("external_customer_id").asText()).isEqualTo("org-named");
        for (String type : List.of("subscription.created", "order.created")) {
            assertThat(data(events, type).at("/metadata/organization_id").asText()).isEqualTo("org-named");
        }
    }

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void everyOrderOfTwoScenarios_canBePlayed(Scenario first) {
        for (Scenario second : Scenario.values()) {
            player.play(first, "org-" + first + second);
            ScenarioPlayer.Played result = player.play(second, "org-" + first + second);
            assertThat(result.events()).isNotEmpty();
            assertThat(result.subscription()).isNotNull();
        }
    }

    @Test
    void wireNames_leadBackToTheirScenario() {
        for (Scenario scenario : Scenario.values()) {
            assertThat(Scenario.fromWireName(scenario.wireName())).contains(scenario);
        }
        assertThat(Scenario.PAYMENT_FAILED.wireName()).isEqualTo("payment-failed");
        assertThat(Scenario.fromWireName("PURCHASE")).isEmpty();
    }

    private List<String> played(Scenario scenario) {
        return types(player.play(scenario, "org-played").events());
    }

    private static List<String> afterwards(Scenario scenario) {
        return switch (scenario) {
            case PURCHASE, TRIAL -> both(
                    List.of("checkout.created", "checkout.updated", "customer.updated", "customer.state_changed"),
                    PURCHASE);
            case CANCEL_AT_PERIOD_END -> CANCELLATION;
            case UNCANCEL -> List.of("subscription.updated", "subscription.uncanceled", "customer.state_changed");
            case RENEWAL -> List.of(
                    "subscription.cycled", "subscription.updated", "order.created", "order.updated", "order.paid",
                    "order.updated", "benefit_grant.cycled", "benefit_grant.cycled", "customer.state_changed");
            case PAYMENT_FAILED -> FAILED_PAYMENT;
            case PAYMENT_RECOVERED -> List.of(
                    "order.updated", "order.paid", "subscription.updated", "subscription.active",
                    "order.updated", "benefit_grant.created", "benefit_grant.created", "customer.state_changed");
            case PLAN_CHANGE -> List.of(
                    "subscription.updated", "benefit_grant.revoked", "benefit_grant.created",
                    "customer.state_changed");
            case REVOKED -> List.of(
                    "subscription.updated", "subscription.canceled", "subscription.revoked", "benefit_grant.revoked",
                    "benefit_grant.revoked", "customer.state_changed");
            case REFUND -> List.of("refund.created", "order.updated", "order.refunded");
        };
    }

    private static List<String> both(List<String> first, List<String> then) {
        List<String> all = new ArrayList<>(first);
        all.addAll(then);
        return all;
    }
}
