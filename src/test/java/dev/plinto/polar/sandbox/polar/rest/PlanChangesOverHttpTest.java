package dev.plinto.polar.sandbox.polar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.polar.BusinessFault;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Changes of the product and the seats of subscriptions over HTTP.
class PlanChangesOverHttpTest extends PolarApiClient {

    private UUID subscription;

    @BeforeEach
    void buy() {
        subscription = polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        polar.takeEvents();
    }

    @Test
    void product_isChanged_andChargedAtOnce() {
        JsonNode changed = json(change(polar.catalogue().team(), "invoice"));

        assertThat(changed.get("product_id").asText()).isEqualTo(polar.catalogue().team().toString());
        assertThat(changed.get("amount").asInt()).isEqualTo(9_900);
        assertThat(emitted()).containsExactly("subscription.updated", "order.created", "order.updated", "order.paid",
                "order.updated", "benefit_grant.revoked", "benefit_grant.created", "customer.state_changed");
        JsonNode order = newestOrder();
        assertThat(order.get("billing_reason").asText()).isEqualTo("subscription_update");
        assertThat(order.get("status").asText()).isEqualTo("paid");
        assertThat(order.get("net_amount").asInt()).as("the whole month is left").isEqualTo(7_000);
        assertThat(order.get("items")).hasSize(2).allMatch(item -> item.get("proration").asBoolean());
        assertThat(order.at("/items/0/amount").asInt()).isEqualTo(-2_900);
    }

    @Test
    void refusedCard_changesNothing() {
        polar.faults().next(BusinessFault.CARD_DECLINED, subscription.toString(), 1);
        polar.faults().next(BusinessFault.CARD_NEEDS_ACTION, subscription.toString(), 1);
        String before = get("/subscriptions/" + subscription).body();

        assertRefused(change(polar.catalogue().team(), "invoice"), 402, "PaymentFailed");
        assertRefused(change(polar.catalogue().team(), "invoice"), 402, "PaymentActionRequired");

        assertThat(get("/subscriptions/" + subscription).body()).isEqualTo(before);
        assertThat(ids("/orders/")).hasSize(1);
        assertThat(change(polar.catalogue().team(), "invoice").statusCode()).isEqualTo(200);
    }

    @Test
    void cheaperProduct_isNotCharged_soNoCardIsNeeded() {
        change(polar.catalogue().team(), "invoice");
        polar.faults().next(BusinessFault.CARD_DECLINED, "", 1);

        assertThat(change(polar.catalogue().pro(), "invoice").statusCode()).isEqualTo(200);

        assertThat(newestOrder().get("total_amount").asInt()).isEqualTo(-8_470);
        assertThat(newestOrder().get("due_amount").asInt()).isZero();
        assertThat(newestOrder().get("refundable_amount").asInt()).isZero();
        assertThat(polar.faults().rules()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"prorate\"", "null"})
    void proratedChange_isChargedWithTheNextOrder_alsoAfterARestart(String proration) throws IOException {
        send("PATCH", "/subscriptions/" + subscription, "{\"product_id\":\"" + polar.catalogue().team()
                + "\",\"proration_behavior\":" + proration + "}");

        assertThat(emitted()).containsExactly("subscription.updated", "benefit_grant.revoked", "benefit_grant.created",
                "customer.state_changed");
        assertThat(ids("/orders/")).hasSize(1);
        SimulatedPolar again = SimulatedPolar.restored(polar.saved(), InstantSource.system(), new Random(1));
        again.subscriptions().renew(subscription);
        assertThat(again.records().orders().toList().getLast().json().get().get("net_amount").asInt())
                .isEqualTo(16_900);

        polar.subscriptions().renew(subscription);
        JsonNode order = newestOrder();
        assertThat(order.get("net_amount").asInt()).isEqualTo(9_900 + 7_000);
        assertThat(order.get("tax_amount").asInt()).isEqualTo(3_549);
        assertThat(order.get("items")).hasSize(3);
        polar.subscriptions().renew(subscription);
        assertThat(newestOrder().get("net_amount").asInt()).as("owed once").isEqualTo(9_900);
    }

    @Test
    void changeOfTheNextPeriod_waits_andCanBeWithdrawn() {
        JsonNode pending = json(change(polar.catalogue().team(), "next_period"));

        assertThat(emitted()).containsExactly("subscription.updated", "customer.state_changed");
        assertThat(pending.get("product_id").asText()).isEqualTo(polar.catalogue().pro().toString());
        assertThat(pending.at("/pending_update/product_id").asText()).isEqualTo(polar.catalogue().team().toString());
        assertThat(pending.at("/pending_update/applies_at")).isEqualTo(pending.get("current_period_end"));
        JsonNode moved = json(patch("{\"current_billing_period_end\":\"2026-11-20T00:00:00Z\"}"));
        assertThat(moved.at("/pending_update/applies_at")).isEqualTo(moved.get("current_period_end"));
        polar.takeEvents();

        assertThat(json(patch("{\"pending_update\":null}")).get("pending_update").isNull()).isTrue();
        assertThat(emitted()).containsExactly("subscription.updated", "customer.state_changed");
        polar.subscriptions().renew(subscription);
        assertThat(polar.subscriptions().product(subscription)).isEqualTo(polar.catalogue().pro());
    }

    @Test
    void product_isOneThatASubscriptionCanChangeTo() {
        for (UUID product : List.of(polar.catalogue().onboarding(), polar.catalogue().studio(), UUID.randomUUID())) {
            HttpResponse<String> answer = change(product, "invoice");
            assertThat(answer.statusCode()).isEqualTo(422);
            assertThat(json(answer).at("/detail/0/loc").toString()).isEqualTo("[\"body\",\"product_id\"]");
        }
        assertThat(json(change(polar.catalogue().team(), "reset")).at("/detail/0/loc").toString())
                .isEqualTo("[\"body\",\"proration_behavior\"]");
        patch("{\"cancel_at_period_end\":true}");
        polar.takeEvents();
        assertRefused(change(polar.catalogue().team(), "invoice"), 403, "AlreadyCanceledSubscription");
        assertRefused(patch("{\"units\":3}"), 400, "NotAUnitBasedSubscription");
    }

    @Test
    void productWithoutATrial_endsTheTrial() {
        UUID trial = polar.checkouts().startTrial(customer, polar.catalogue().pro(), Map.of());
        polar.takeEvents();

        JsonNode changed = json(send("PATCH", "/subscriptions/" + trial,
                "{\"product_id\":\"" + polar.catalogue().team() + "\",\"metadata\":{\"by\":\"us\"}}"));

        assertThat(emitted()).containsExactly("subscription.cycled", "subscription.updated", "order.created",
                "order.updated", "order.paid", "order.updated", "benefit_grant.cycled", "benefit_grant.revoked",
                "benefit_grant.created", "customer.state_changed");
        assertThat(changed.get("status").asText()).isEqualTo("active");
        assertThat(changed.at("/metadata/by").asText()).isEqualTo("us");
        assertThat(newestOrder().get("net_amount").asInt()).isEqualTo(9_900);
    }

    @Test
    void seats_areChanged_withinWhatIsAssigned() {
        subscription = polar.checkouts().purchaseSeats(customer, 3, Map.of());
        polar.seats().assign(subscription, "a@customer.example");
        polar.seats().assign(subscription, "b@customer.example");
        polar.takeEvents();

        assertThat(json(patch("{\"seats\":5,\"proration_behavior\":\"invoice\"}")).get("amount").asInt())
                .isEqualTo(6_000);
        assertThat(emitted()).containsExactly("subscription.updated", "order.created", "order.updated", "order.paid",
                "order.updated", "customer.state_changed");
        assertThat(newestOrder().get("net_amount").asInt()).isEqualTo(2_400);
        assertThat(polar.seats().free(subscription)).isEqualTo(3);

        assertRefused(patch("{\"seats\":1}"), 400, "SeatsAlreadyAssigned");
        assertRefused(patch("{\"seats\":0}"), 400, "BelowMinimumSeats");
        polar.faults().next(BusinessFault.PAYMENT_NOT_READY, "", 1);
        assertRefused(patch("{\"seats\":9,\"proration_behavior\":\"invoice\"}"), 403, "PaymentNotReady");

        JsonNode pending = json(patch("{\"seats\":2,\"proration_behavior\":\"next_period\"}"));
        assertThat(pending.get("seats").asInt()).isEqualTo(5);
        assertThat(pending.at("/pending_update/seats").asInt()).isEqualTo(2);
        assertThat(pending.at("/pending_update/product_id").isNull()).isTrue();
        assertThat(json(patch("{\"seats\":5}")).get("pending_update").isNull()).as("nothing is to change").isTrue();
        patch("{\"seats\":2,\"proration_behavior\":\"next_period\"}");
        polar.subscriptions().renew(subscription);
        assertThat(json(get("/subscriptions/" + subscription)).get("seats").asInt()).isEqualTo(2);
        assertThat(newestOrder().get("net_amount").asInt()).isEqualTo(2_400);
    }

    @Test
    void subscriptionWithoutSeats_getsNone() {
        assertRefused(patch("{\"seats\":2}"), 400, "NotASeatBasedSubscription");
    }

    @Test
    void customerWithoutAPaymentMethod_cannotBeCharged() {
        UUID other = polar.customers().create("org-2");
        subscription = polar.subscriptions().migrate(other, polar.catalogue().pro(), "stripe", "sub_1");
        polar.takeEvents();

        assertRefused(change(polar.catalogue().team(), "invoice"), 402, "PaymentFailed");
    }

    private JsonNode newestOrder() {
        return json(get("/orders/?limit=1")).at("/items/0");
    }

    private HttpResponse<String> change(UUID product, String proration) {
        return patch("{\"product_id\":\"" + product + "\",\"proration_behavior\":\"" + proration + "\"}");
    }

    private HttpResponse<String> patch(String body) {
        return send("PATCH", "/subscriptions/" + subscription, body);
    }
}
