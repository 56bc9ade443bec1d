package dev.plinto.polar.sandbox.polar;

import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.data;
import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.names;
import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.types;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What Polar sends about a product that is sold by the seat, in its order.
class SeatsTest {

    private static final String EMAIL = "member@customer.example";

    private final SimulatedPolar polar = new SimulatedPolar(InstantSource.fixed(Instant.parse("2026-11-03T08:00:00Z")),
            new Random(7));
    private final UUID customer = polar.customers().create("org-test");

    @Test
    void buyer_getsNoBenefits() {
        UUID checkout = polar.checkouts().openSeats("org-test", 3, Map.of());
        polar.checkouts().confirm(checkout);
        JsonNode opened = data(polar.takeEvents(), "checkout.created");
        UUID subscription = polar.checkouts().succeed(checkout);

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly(
                "subscription.created", "subscription.active", "subscription.updated", "order.created",
                "order.updated", "order.paid", "checkout.updated", "order.updated", "customer.state_changed");
        assertThat(opened.get("seats").asInt()).isEqualTo(3);
        assertThat(opened.get("amount").asInt()).isEqualTo(3_600);
        assertThat(data(events, "subscription.created").get("seats").asInt()).isEqualTo(3);
        assertThat(data(events, "subscription.created").get("amount").asInt()).isEqualTo(3_600);
        assertThat(data(events, "order.paid").get("net_amount").asInt()).isEqualTo(3_600);
        JsonNode price = data(events, "subscription.created").at("/product/prices/0");
        assertThat(price.get("amount_type").asText()).isEqualTo("seat_based");
        assertThat(names(price)).contains("seat_tiers").doesNotContain("price_amount");
        assertThat(price.at("/seat_tiers/tiers/0/price_per_seat").asInt()).isEqualTo(1_200);
        assertThat(data(events, "customer.state_changed").at("/active_subscriptions/0/seats").asInt()).isEqualTo(3);
        assertThat(polar.grants().live(customer)).isEmpty();
        assertThat(polar.seats().free(subscription)).isEqualTo(3);
    }

    @Test
    void member_existsBeforeTheSeatIsAssigned_andGetsTheBenefitsByClaimingIt() {
        UUID subscription = bought(3);

        UUID seat = polar.seats().assign(subscription, EMAIL);

        List<WebhookEvent> assigned = polar.takeEvents();
        assertThat(types(assigned)).containsExactly("member.created", "customer_seat.assigned");
        JsonNode pending = data(assigned, "customer_seat.assigned");
        JsonNode member = data(assigned, "member.created");
        assertThat(pending.get("status").asText()).isEqualTo("pending");
        assertThat(pending.get("subscription_id").asText()).isEqualTo(subscription.toString());
        assertThat(pending.get("customer_id").asText()).as("the buyer").isEqualTo(customer.toString());
        assertThat(pending.get("email").asText()).isEqualTo(EMAIL);
        assertThat(pending.get("member_id")).isEqualTo(member.get("id"));
        assertThat(pending.get("member")).isEqualTo(member);
        assertThat(polar.grants().live(customer)).isEmpty();

        polar.seats().claim(seat);

        List<WebhookEvent> claimed = polar.takeEvents();
        assertThat(types(claimed)).containsExactly("customer_seat.claimed", "benefit_grant.created",
                "benefit_grant.created", "customer.state_changed");
        assertThat(data(claimed, "customer_seat.claimed").get("claimed_at").isNull()).isFalse();
        JsonNode grant = data(claimed, "benefit_grant.created");
        assertThat(grant.get("member_id")).isEqualTo(member.get("id"));
        assertThat(grant.get("customer_id").asText()).isEqualTo(customer.toString());
        assertThat(grant.get("subscription_id").asText()).isEqualTo(subscription.toString());
        assertThatThrownBy(() -> polar.seats().claim(seat)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void revokedSeat_isNobodys_andIsUsedAgain() {
        UUID subscription = bought(1);
        UUID seat = polar.seats().assign(subscription, EMAIL);
        polar.seats().claim(seat);
        polar.takeEvents();

        polar.seats().revoke(seat);

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly("customer_seat.revoked", "benefit_grant.revoked",
                "benefit_grant.revoked", "customer.state_changed");
        JsonNode revoked = data(events, "customer_seat.revoked");
        assertThat(revoked.get("status").asText()).isEqualTo("revoked");
        assertThat(revoked.get("revoked_at").isNull()).isFalse();
        for (String field : List.of("customer_id", "member_id", "member", "email", "customer_email")) {
            assertThat(revoked.get(field).isNull()).as(field).isTrue();
        }
        assertThatThrownBy(() -> polar.seats().revoke(seat)).isInstanceOf(IllegalStateException.class);

        assertThat(polar.seats().assign(subscription, EMAIL)).isEqualTo(seat);
        assertThat(types(polar.takeEvents())).as("the member is known").containsExactly("customer_seat.assigned");
        polar.seats().claim(seat);
        assertThat(polar.grants().live(customer)).hasSize(2);
    }

    @Test
    void seat_isAssignedOnlyWhereOneIsFree() {
        UUID withoutSeats = polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        UUID subscription = bought(2);
        polar.seats().assign(subscription, EMAIL);
        polar.takeEvents();

        assertThatThrownBy(() -> polar.seats().assign(withoutSeats, EMAIL)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> polar.seats().assign(subscription, EMAIL)).isInstanceOf(IllegalStateException.class);
        assertThat(polar.takeEvents()).isEmpty();

        polar.seats().assign(subscription, "other@customer.example");
        assertThatThrownBy(() -> polar.seats().assign(subscription, "third@customer.example"))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> polar.subscriptions().changePlan(subscription, polar.catalogue().pro()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void failedPayment_revokesAllSeats_andTheRecoveryBringsNoneBack() {
        UUID subscription = bought(2);
        polar.seats().claim(polar.seats().assign(subscription, EMAIL));
        polar.seats().assign(subscription, "other@customer.example");
        polar.takeEvents();

        polar.subscriptions().failToRenew(subscription);

        assertThat(types(polar.takeEvents())).containsExactly(
                "subscription.cycled", "subscription.updated", "order.created", "subscription.updated",
                "subscription.past_due", "customer_seat.revoked", "customer_seat.revoked", "benefit_grant.revoked",
                "benefit_grant.revoked", "customer.state_changed");

        polar.subscriptions().recoverPayment(subscription);

        assertThat(polar.grants().live(customer)).isEmpty();
        assertThat(polar.seats().free(subscription)).isEqualTo(2);
    }

    @Test
    void removedMember_losesItsSeat() {
        UUID subscription = bought(1);
        polar.seats().claim(polar.seats().assign(subscription, EMAIL));
        UUID member = UUID.fromString(data(polar.takeEvents(), "member.created").get("id").asText());

        polar.customers().removeMember(member);

        assertThat(types(polar.takeEvents())).containsExactly("member.deleted", "customer_seat.revoked",
                "benefit_grant.revoked", "benefit_grant.revoked", "customer.state_changed");
        assertThat(polar.seats().free(subscription)).isEqualTo(1);
    }

    @Test
    void deletedCustomer_losesItsSeats() {
        polar.seats().claim(polar.seats().assign(bought(1), EMAIL));
        polar.takeEvents();

        polar.customers().delete(customer);

        assertThat(types(polar.takeEvents())).containsExactly(
                "member.deleted", "member.deleted", "customer.deleted", "customer.state_changed",
                "subscription.updated", "subscription.canceled", "subscription.revoked", "customer_seat.revoked",
                "benefit_grant.revoked", "benefit_grant.revoked", "customer.state_changed");
    }

    @Test
    void stateOfAnOlderVersion_getsTheProductThatIsSoldBySeat() throws IOException {
        ObjectNode saved = (ObjectNode) SimulatedJson.MAPPER.readTree(polar.saved());
        ((ObjectNode) saved.get("products")).remove(polar.catalogue().studio().toString());

        SimulatedPolar again = SimulatedPolar.restored(
                SimulatedJson.MAPPER.writeValueAsBytes(saved), InstantSource.system(), new Random(8));

        assertThat(again.catalogue().benefitsOf(again.catalogue().studio()))
                .isEqualTo(polar.catalogue().benefitsOf(polar.catalogue().studio()));
    }

    private UUID bought(int seats) {
        UUID subscription = polar.checkouts().purchaseSeats(customer, seats, Map.of());
        polar.takeEvents();
        return subscription;
    }
}
