package dev.plinto.polar.sandbox.polar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.polar.BusinessFault;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Refunds over HTTP.
class RefundOperationsTest extends PolarApiClient {

    private UUID ofSubscription;
    private UUID once;

    @BeforeEach
    void buy() {
        UUID subscription = polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        ofSubscription = polar.orders().of(customer).getFirst();
        assertThat(polar.orders().subscriptionOf(ofSubscription)).hasValue(subscription);
        once = polar.checkouts().purchase(customer, polar.catalogue().onboarding(), Map.of());
        polar.takeEvents();
    }

    @Test
    void partOfAnOrder_isRefunded_andThenTheRest() {
        HttpResponse<String> part = refund(once, 9_000, Map.of("metadata", Map.of("ticket", "T-1"), "comment", "late"));

        assertThat(part.statusCode()).isEqualTo(201);
        assertThat(emitted()).containsExactly("refund.created", "order.updated", "order.refunded");
        JsonNode refund = json(part);
        assertThat(refund.get("status").asText()).isEqualTo("succeeded");
        assertThat(refund.get("tax_amount").asInt()).isEqualTo(1_890);
        assertThat(refund.get("reason").asText()).isEqualTo("duplicate");
        assertThat(refund.at("/metadata/ticket").asText()).isEqualTo("T-1");
        assertThat(refund.has("comment")).as("Polar does not show it").isFalse();
        assertThat(json(get("/orders/" + once)).get("status").asText()).isEqualTo("partially_refunded");

        assertThat(refund(once, 40_000, Map.of()).statusCode()).isEqualTo(201);
        assertThat(json(get("/orders/" + once)).get("refundable_tax_amount").asInt()).isZero();
        assertThat(json(get("/orders/" + once)).get("status").asText()).isEqualTo("refunded");
        polar.takeEvents();
        assertRefused(refund(once, 1, Map.of()), 403, "RefundedAlready");
    }

    @Test
    void refund_takesTheBenefitsOfAOneTimeOrder_ifItIsAskedTo() {
        refund(once, 49_000, Map.of("revoke_benefits", true));

        assertThat(emitted()).containsExactly("refund.created", "order.updated", "order.refunded",
                "benefit_grant.revoked", "benefit_grant.revoked", "customer.state_changed");
        assertRefused(refund(ofSubscription, 1, Map.of("revoke_benefits", true)), 400,
                "RevokeSubscriptionBenefitsProhibited");
    }

    @Test
    void pendingRefund_changesItsOrderOnlyOnceItSucceeds() {
        polar.faults().next(BusinessFault.REFUND_PENDING, "", 1);

        JsonNode pending = json(refund(once, 9_000, Map.of("revoke_benefits", true)));

        assertThat(emitted()).containsExactly("refund.created");
        assertThat(pending.get("status").asText()).isEqualTo("pending");
        assertThat(json(get("/orders/" + once)).get("status").asText()).isEqualTo("paid");
        assertThat(ids("/refunds/?succeeded=true")).isEmpty();
        assertRefused(refund(once, 40_001, Map.of()), 400, "RefundAmountTooHigh");

        polar.refunds().complete(UUID.fromString(pending.get("id").asText()));

        assertThat(emitted()).containsExactly("refund.updated", "order.updated", "order.refunded",
                "benefit_grant.revoked", "benefit_grant.revoked", "customer.state_changed");
        assertThat(ids("/refunds/?succeeded=true")).containsExactly(pending.get("id").asText());
    }

    @Test
    void refundThatPolarRefuses_changesNothing() {
        polar.subscriptions().failToRenew(polar.subscriptions().of(customer).getFirst());
        UUID unpaid = polar.orders().of(customer).getLast();
        polar.takeEvents();

        assertRefused(refund(once, 49_001, Map.of()), 400, "RefundAmountTooHigh");
        assertRefused(refund(unpaid, 1, Map.of()), 404, "RefundUnknownPayment");
        for (BusinessFault fault : new BusinessFault[] {BusinessFault.REFUNDS_BLOCKED, BusinessFault.PAYMENT_DISPUTED,
                BusinessFault.REFUND_BEING_CREATED}) {
            polar.faults().next(fault, once.toString(), 1);
            assertThat(refund(once, 1, Map.of()).statusCode()).as(fault.toString()).isIn(403, 409);
        }
        assertThat(polar.faults().rules()).isEmpty();
        assertThat(polar.takeEvents()).isEmpty();
        assertThat(ids("/refunds/")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
            "order_id, null, missing", "order_id, 7, string_type", "order_id, 'x', uuid_parsing",
            "amount, 0, greater_than", "amount, 1.5, int_type", "reason, 'because', enum",
            "reason, 'dispute_prevention', enum", "revoke_benefits, 'yes', bool_type",
            "metadata, [], model_attributes_type"
    })
    void invalidField_isNamed(String field, String value, String rule) throws Exception {
        ObjectNode body = body(once, 1, Map.of());
        body.set(field, JSON.readTree(value.replace('\'', '"').replaceAll("^([a-z_]+)$", "\"$1\"").replace("\"null\"",
                "null")));

        JsonNode detail = json(send("POST", "/refunds/", body.toString())).at("/detail/0");

        assertThat(detail.get("loc").toString()).isEqualTo("[\"body\",\"" + field + "\"]");
        assertThat(detail.get("type").asText()).isEqualTo(rule);
    }

    @Test
    void unknownOrder_isInvalid_notUnknown() {
        HttpResponse<String> answer = refund(UUID.randomUUID(), 1, Map.of());

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(json(answer).get("error").asText()).isEqualTo("PolarRequestValidationError");
        assertThat(json(answer).at("/detail/0/loc").toString()).isEqualTo("[\"body\",\"order_id\"]");
    }

    @Test
    void list_isFiltered() {
        String first = json(refund(once, 1, Map.of())).get("id").asText();
        String second = json(refund(ofSubscription, 2, Map.of())).get("id").asText();

        assertThat(ids("/refunds/")).containsExactly(second, first);
        assertThat(ids("/refunds/?sorting=amount")).containsExactly(first, second);
        assertThat(ids("/refunds/?order_id=" + once)).containsExactly(first);
        assertThat(ids("/refunds/?id=" + first + "&id=" + second)).hasSize(2);
        assertThat(ids("/refunds/?subscription_id=" + polar.subscriptions().of(customer).getFirst()))
                .containsExactly(second);
        assertThat(ids("/refunds/?customer_id=" + customer + "&external_customer_id=org-1")).hasSize(2);
        assertThat(ids("/refunds/?external_customer_id=org-2")).isEmpty();
        assertThat(get("/refunds/?status=succeeded").statusCode()).isEqualTo(422);
    }

    private HttpResponse<String> refund(UUID order, int amount, Map<String, ?> others) {
        return send("POST", "/refunds/", body(order, amount, others).toString());
    }

    private static ObjectNode body(UUID order, int amount, Map<String, ?> others) {
        ObjectNode body = JSON.createObjectNode();
        body.put("order_id", order.toString()).put("amount", amount).put("reason", "duplicate");
        others.forEach((field, value) -> body.set(field, JSON.valueToTree(value)));
        return body;
    }
}
