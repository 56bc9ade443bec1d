package dev.plinto.polar.sandbox.polar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.polar.BusinessFault;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Cancellations, pauses and terms of subscriptions over HTTP.
class SubscriptionOperationsTest extends PolarApiClient {

    private UUID subscription;

    @BeforeEach
    void buy() {
        subscription = polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of("team", "7"));
        polar.takeEvents();
    }

    @Test
    void cancellation_lastsToThePeriodsEnd_andCanBeWithdrawn() throws IOException {
        HttpResponse<String> canceled = patch("{\"cancel_at_period_end\":true,"
                + "\"customer_cancellation_reason\":\"too_expensive\",\"customer_cancellation_comment\":\"dear\"}");

        assertThat(canceled.statusCode()).isEqualTo(200);
        byte[] told = polar.takeEvents().stream()
                .filter(event -> event.type().equals("subscription.canceled")).findFirst().orElseThrow().body();
        assertThat(json(canceled)).isEqualTo(JSON.readTree(told).get("data"));
        assertThat(json(canceled).get("status").asText()).isEqualTo("active");
        assertThat(json(canceled).get("ends_at")).isEqualTo(json(canceled).get("current_period_end"));
        assertThat(json(canceled).get("customer_cancellation_reason").asText()).isEqualTo("too_expensive");
        assertThat(json(canceled).get("customer_cancellation_comment").asText()).isEqualTo("dear");
        assertRefused(patch("{\"cancel_at_period_end\":true}"), 403, "AlreadyCanceledSubscription");

        HttpResponse<String> back = patch("{\"cancel_at_period_end\":false}");

        assertThat(emitted())
                .containsExactly("subscription.updated", "subscription.uncanceled", "customer.state_changed");
        for (String field : List.of("ends_at", "canceled_at", "customer_cancellation_reason",
                "customer_cancellation_comment")) {
            assertThat(json(back).get(field).isNull()).as(field).isTrue();
        }
        assertRefused(patch("{\"cancel_at_period_end\":false}"), 409, "SubscriptionNotScheduledToCancel");
    }

    @Test
    void revocation_takesTheBenefitsAtOnce() {
        HttpResponse<String> revoked = patch("{\"revoke\":true,\"customer_cancellation_reason\":\"unused\"}");

        assertThat(revoked.statusCode()).isEqualTo(200);
        assertThat(json(revoked).get("status").asText()).isEqualTo("canceled");
        assertThat(json(revoked).get("customer_cancellation_reason").asText()).isEqualTo("unused");
        assertThat(emitted()).containsExactly("subscription.updated", "subscription.canceled", "subscription.revoked",
                "benefit_grant.revoked", "benefit_grant.revoked", "customer.state_changed");
        assertRefused(patch("{\"revoke\":true}"), 403, "AlreadyCanceledSubscription");
        assertRefused(patch("{\"cancel_at_period_end\":false}"), 410, "ResourceUnavailable");
        assertRefused(delete(), 403, "AlreadyCanceledSubscription");
    }

    @Test
    void deletion_revokes_andEndsTheCollectionOfAPayment() {
        polar.subscriptions().failToRenew(subscription);
        polar.takeEvents();

        HttpResponse<String> revoked = delete();

        assertThat(revoked.statusCode()).isEqualTo(200);
        assertThat(json(revoked).get("ended_at").isNull()).isFalse();
        assertThat(emitted()).containsExactly("subscription.updated", "subscription.canceled", "subscription.revoked",
                "order.updated", "customer.state_changed");
        String order = ids("/orders/?status=void").getFirst();
        assertThat(json(get("/orders/" + order)).get("next_payment_attempt_at").isNull()).isTrue();
        assertRefused(send("POST", "/orders/" + order + "/invoice", ""), 409, "OrderNotEligibleForInvoice");
        assertThat(send("DELETE", "/subscriptions/" + UUID.randomUUID(), "").statusCode()).isEqualTo(404);
    }

    @Test
    void pause_isPlanned_withdrawn_andEndedByResuming() {
        JsonNode planned = json(patch("{\"pause_at_period_end\":true,\"resumes_at\":\"2027-01-10T08:00:00Z\"}"));

        assertThat(emitted()).containsExactly("subscription.updated", "customer.state_changed");
        assertThat(planned.get("pause_at_period_end").asBoolean()).isTrue();
        assertThat(planned.get("resumes_at").asText()).isEqualTo("2027-01-10T08:00:00.000000Z");
        assertRefused(patch("{\"pause_at_period_end\":true}"), 409, "CannotPauseSubscription");
        assertRefused(patch("{\"resume\":true}"), 409, "NotPausedSubscription");

        JsonNode withdrawn = json(patch("{\"pause_at_period_end\":false}"));
        assertThat(withdrawn.get("resumes_at").isNull()).isTrue();
        assertThat(emitted()).containsExactly("subscription.updated", "customer.state_changed");
        assertRefused(patch("{\"pause_at_period_end\":false}"), 409, "NoScheduledPause");

        patch("{\"pause_at_period_end\":true}");
        polar.subscriptions().pause(subscription);
        polar.takeEvents();
        assertRefused(patch("{\"cancel_at_period_end\":true}"), 403, "AlreadyCanceledSubscription");
        assertRefused(patch("{\"product_id\":\"" + polar.catalogue().team() + "\"}"), 403, "InactiveSubscription");
        polar.faults().next(BusinessFault.CARD_DECLINED, "", 1);
        assertRefused(patch("{\"resume\":true}"), 402, "PaymentFailed");

        assertThat(json(patch("{\"resume\":true}")).get("status").asText()).isEqualTo("active");
        assertThat(emitted()).containsExactly("subscription.updated", "subscription.resumed", "order.created",
                "order.updated", "order.paid", "order.updated", "benefit_grant.created", "benefit_grant.created",
                "customer.state_changed");
    }

    @Test
    void pausedSubscription_canBeRevoked() {
        polar.subscriptions().pauseAtPeriodEnd(subscription);
        polar.subscriptions().pause(subscription);

        assertThat(json(delete()).get("status").asText()).isEqualTo("canceled");
    }

    @Test
    void period_endsWhenItIsTold() {
        JsonNode moved = json(patch("{\"current_billing_period_end\":\"2026-11-20T00:00:00Z\"}"));

        assertThat(moved.get("current_period_end").asText()).isEqualTo("2026-11-20T00:00:00.000000Z");
        assertThat(emitted()).containsExactly("subscription.updated", "customer.state_changed");

        assertInvalid(patch("{\"current_billing_period_end\":\"2026-11-03T08:00:00Z\"}"), "current_billing_period_end");
        patch("{\"cancel_at_period_end\":true}");
        polar.takeEvents();
        assertRefused(patch("{\"current_billing_period_end\":\"2026-11-21T00:00:00Z\"}"), 403,
                "AlreadyCanceledSubscription");
        patch("{\"cancel_at_period_end\":false}");
        polar.subscriptions().failToRenew(subscription);
        polar.takeEvents();
        assertRefused(patch("{\"current_billing_period_end\":\"2027-11-21T00:00:00Z\"}"), 403, "InactiveSubscription");
        assertRefused(patch("{\"trial_end\":\"2027-11-21T00:00:00Z\"}"), 403, "InactiveSubscription");
    }

    @Test
    void trial_isGiven_prolonged_andEnded() {
        assertInvalid(patch("{\"trial_end\":\"now\"}"), "trial_end");
        assertInvalid(patch("{\"trial_end\":\"2026-11-25T00:00:00Z\"}"), "trial_end");

        JsonNode given = json(patch("{\"trial_end\":\"2026-12-25T00:00:00Z\"}"));
        assertThat(emitted()).containsExactly("subscription.updated", "customer.state_changed");
        assertThat(given.get("status").asText()).isEqualTo("trialing");
        assertThat(given.get("trial_end")).isEqualTo(given.get("current_period_end"));
        assertThat(json(patch("{\"trial_end\":\"2026-11-25T00:00:00Z\"}")).get("trial_end").asText())
                .startsWith("2026-11-25");
        polar.takeEvents();

        JsonNode ended = json(patch("{\"trial_end\":\"now\"}"));
        assertThat(emitted()).startsWith("subscription.cycled", "subscription.updated", "order.created",
                "order.updated", "order.paid").endsWith("customer.state_changed");
        assertThat(ended.get("status").asText()).isEqualTo("active");
        assertThat(ended.get("current_period_start")).isEqualTo(ended.get("trial_end"));
    }

    @Test
    void discountAndMetadata_areKept() {
        UUID discount = polar.catalogue().addDiscount("Launch", 20);
        polar.takeEvents();

        JsonNode changed = json(patch("{\"discount_id\":\"" + discount + "\",\"metadata\":{\"team\":\"8\",\"n\":1}}"));

        assertThat(emitted()).containsExactly("subscription.updated", "customer.state_changed");
        assertThat(changed.at("/discount/name").asText()).isEqualTo("Launch");
        assertThat(changed.get("metadata").toString()).isEqualTo("{\"n\":1,\"team\":\"8\"}");
        assertThat(ids("/subscriptions/?discount_id=" + discount + "&sorting=discount")).hasSize(1);
        assertInvalid(patch("{\"discount_id\":\"" + discount + "\"}"), "discount_id");
        assertInvalid(patch("{\"discount_id\":\"" + UUID.randomUUID() + "\"}"), "discount_id");
        assertThat(json(patch("{\"discount_id\":null}")).get("discount").isNull()).isTrue();
        assertThat(json(patch("{\"metadata\":{}}")).get("metadata")).isEmpty();
    }

    @Test
    void freeProduct_isSubscribedToWithoutACheckout() {
        UUID free = polar.catalogue().addProduct("Free", 0,
                polar.catalogue().benefitsOf(polar.catalogue().team()));
        polar.takeEvents();

        HttpResponse<String> created = create("\"product_id\":\"" + free + "\",\"external_customer_id\":\"org-1\","
                + "\"metadata\":{\"organization_id\":\"org-1\"}");

        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(emitted()).containsExactly("subscription.created", "subscription.active", "subscription.updated",
                "benefit_grant.created", "benefit_grant.created", "customer.state_changed");
        assertThat(json(created).get("amount").asInt()).isZero();
        assertThat(json(created).get("customer_id").asText()).isEqualTo(customer.toString());
        assertThat(json(created).at("/metadata/organization_id").asText()).isEqualTo("org-1");
        assertInvalid(create("\"product_id\":\"" + polar.catalogue().pro() + "\",\"customer_id\":\"" + customer + "\""),
                "product_id");
        assertInvalid(create("\"product_id\":\"" + polar.catalogue().onboarding() + "\",\"customer_id\":\"" + customer
                + "\""), "product_id");
        assertInvalid(create("\"product_id\":\"" + UUID.randomUUID() + "\",\"customer_id\":\"" + customer + "\""),
                "product_id");
        assertInvalid(create("\"product_id\":\"" + free + "\",\"customer_id\":\"" + UUID.randomUUID() + "\""),
                "customer_id");
        assertInvalid(create("\"product_id\":\"" + free + "\",\"external_customer_id\":\"org-2\""),
                "external_customer_id");
        assertInvalid(create("\"product_id\":\"" + free + "\""), "customer_id");
    }

    @Test
    void lockedSubscription_isLeftAlone() {
        polar.faults().next(BusinessFault.SUBSCRIPTION_LOCKED, subscription.toString(), 2);

        assertRefused(patch("{\"revoke\":true}"), 409, "SubscriptionLocked");
        assertRefused(delete(), 409, "SubscriptionLocked");
        assertThat(delete().statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{} | 0 | missing",
            "{\"proration_behavior\":\"invoice\"} | 0 | missing",
            "{\"cancel_at_period_end\":true,\"revoke\":true} | revoke | extra_forbidden",
            "{\"seats\":2,\"resumes_at\":\"2027-01-01T00:00:00Z\"} | resumes_at | extra_forbidden",
            "{\"cancel_at_period_end\":null} | cancel_at_period_end | missing",
            "{\"cancel_at_period_end\":\"yes\"} | cancel_at_period_end | bool_type",
            "{\"revoke\":true,\"customer_cancellation_reason\":\"x\"} | customer_cancellation_reason | enum",
            "{\"revoke\":false} | revoke | literal_error",
            "{\"resume\":false} | resume | literal_error",
            "{\"pending_update\":{}} | pending_update | none_required",
            "{\"pending_update\":null} | pending_update | value_error",
            "{\"seats\":\"2\"} | seats | int_type",
            "{\"trial_end\":\"tomorrow\"} | trial_end | datetime_from_date_parsing",
            "{\"pause_at_period_end\":true,\"resumes_at\":\"2026-11-20T00:00:00Z\"} | resumes_at | value_error",
            "{\"metadata\":{\"a\":\"\"}} | metadata | value_error",
            "{\"product_id\":\"x\"} | product_id | uuid_parsing",
            "{\"product_id\":\"00000000-0000-4000-8000-000000000000\"} | product_id | value_error"
    })
    void bodyWithoutOneChange_isInvalid(String body, String field, String rule) {
        HttpResponse<String> answer = patch(body);

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(json(answer).at("/detail/0/loc/0").asText()).isEqualTo("body");
        assertThat(json(answer).at("/detail/0/loc/1").asText()).isEqualTo(field);
        assertThat(json(answer).at("/detail/0/type").asText()).isEqualTo(rule);
        assertThat(polar.takeEvents()).isEmpty();
    }

    private void assertInvalid(HttpResponse<String> answer, String field) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(json(answer).at("/detail/0/loc").toString()).isEqualTo("[\"body\",\"" + field + "\"]");
        assertThat(polar.takeEvents()).isEmpty();
    }

    private HttpResponse<String> create(String fields) {
        return send("POST", "/subscriptions/", "{" + fields + "}");
    }

    private HttpResponse<String> patch(String body) {
        return send("PATCH", "/subscriptions/" + subscription, body);
    }

    private HttpResponse<String> delete() {
        return send("DELETE", "/subscriptions/" + subscription, "");
    }
}
