package dev.plinto.polar.sandbox.polar;

import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.data;
import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.json;
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

/// What Polar sends about customers and their members, in its order.
class CustomersTest {

    private final SimulatedPolar polar = new SimulatedPolar(InstantSource.fixed(Instant.parse("2026-11-03T08:00:00Z")),
            new Random(7));

    @Test
    void newCustomer_comesAfterItsOwner() {
        UUID customer = polar.customers().create("org-test");

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly("member.created", "customer.created", "customer.state_changed");
        JsonNode owner = data(events, "member.created");
        assertThat(owner.get("role").asText()).isEqualTo("owner");
        assertThat(owner.get("customer_id").asText()).isEqualTo(customer.toString());
        assertThat(owner.get("email")).isEqualTo(data(events, "customer.created").get("email"));
    }

    @Test
    void deletion_isToldFirst_andPolarsJobsThenEndWhatTheCustomerHad() {
        UUID customer = polar.customers().create("org-test");
        polar.customers().addMember(customer, "member@customer.example");
        polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        polar.takeEvents();

        polar.customers().delete(customer);

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly(
                "member.deleted", "member.deleted", "customer.deleted", "customer.state_changed",
                "subscription.updated", "subscription.canceled", "subscription.revoked", "benefit_grant.revoked",
                "benefit_grant.revoked", "customer.state_changed");
        JsonNode deleted = data(events, "customer.deleted");
        assertThat(deleted.get("external_id").asText()).isEqualTo("org-test");
        assertThat(deleted.at("/metadata/__external_id").asText()).isEqualTo("org-test");
        assertThat(deleted.get("deleted_at").isNull()).isFalse();
        assertThat(deleted.get("modified_at")).isEqualTo(deleted.get("deleted_at"));
        assertThat(json(events.get(3)).at("/data/granted_benefits")).as("the jobs have not run").hasSize(2);
        assertThat(data(events, "subscription.revoked").get("status").asText()).isEqualTo("canceled");
        assertThat(data(events, "customer.state_changed").get("granted_benefits")).isEmpty();
        assertThat(data(events, "customer.state_changed").get("active_subscriptions")).isEmpty();
        assertThat(polar.customers().of("org-test")).isEmpty();
        assertThatThrownBy(() -> polar.customers().delete(customer)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void deletingACustomerWithoutPurchases_endsNothing() {
        UUID customer = polar.customers().create("org-test");
        polar.takeEvents();

        polar.customers().delete(customer);

        assertThat(types(polar.takeEvents()))
                .containsExactly("member.deleted", "customer.deleted", "customer.state_changed");
    }

    @Test
    void removedMember_losesItsGrants() {
        UUID customer = polar.customers().create("org-test");
        UUID subscription = polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        UUID member = polar.customers().addMember(customer, "member@customer.example");
        polar.grants().giveEach(customer, subscription, List.of(member),
                polar.catalogue().benefitsOf(polar.catalogue().pro()));
        polar.takeEvents();

        polar.customers().removeMember(member);

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly("member.deleted", "benefit_grant.revoked", "benefit_grant.revoked",
                "customer.state_changed");
        assertThat(data(events, "benefit_grant.revoked").at("/member/id").asText()).isEqualTo(member.toString());
        assertThat(polar.grants().live(customer)).hasSize(2);
        assertThatThrownBy(() -> polar.customers().removeMember(member)).isInstanceOf(IllegalStateException.class);
    }
}
