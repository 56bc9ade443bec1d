package dev.plinto.polar.sandbox.polar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.polar.TestCard;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What Polar refuses of a checkout: it names why, and changes nothing.
class CheckoutRefusalsTest extends CheckoutClient {

    @Test
    void declinedCard_leavesTheCheckoutAsItWas_andAnotherOnePays() {
        JsonNode checkout = create("\"products\":[\"" + pro + "\"]");
        polar.takeEvents();
        JsonNode before = read(checkout);

        HttpResponse<String> declined = confirm(checkout, TestCard.DECLINED, NEW_BUYER);

        assertThat(declined.statusCode()).isEqualTo(400);
        assertThat(json(declined).get("error").asText()).isEqualTo("PaymentError");
        assertThat(polar.takeEvents()).isEmpty();
        assertThat(read(checkout)).isEqualTo(before);
        assertThat(ids("/customers/?email=kim@example.org")).isEmpty();
        assertThat(confirm(checkout, TestCard.PAYS, NEW_BUYER).statusCode()).isEqualTo(200);
    }

    @Test
    void unknownToken_isAPaymentError() {
        JsonNode checkout = create("\"products\":[\"" + pro + "\"]");

        HttpResponse<String> answer = confirm(checkout, "\"confirmation_token_id\":\"ctoken_1\"," + NEW_BUYER);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).get("detail").asText()).contains(TestCard.PAYS.token());
    }

    @Test
    void missingFields_areNamedTogether() {
        JsonNode checkout = create("\"products\":[\"" + pro + "\"]");

        HttpResponse<String> answer = confirm(checkout, "\"customer_name\":\"Kim\"");

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(json(answer).findValuesAsText("type")).containsExactly("missing", "missing", "missing");
        assertThat(json(answer).at("/detail/0/loc").toString()).isEqualTo("[\"body\",\"customer_email\"]");
        assertThat(json(answer).at("/detail/1/loc").toString()).isEqualTo("[\"body\",\"customer_billing_address\"]");
        assertThat(json(answer).at("/detail/2/loc").toString()).isEqualTo("[\"body\",\"confirmation_token_id\"]");
    }

    @Test
    void expiredCheckout_isToldOnce_andGoneForTheBuyer() throws InterruptedException {
        JsonNode checkout = create("\"products\":[\"" + pro + "\"]");
        polar.takeEvents();
        clock.advance(Duration.ofHours(24).plusSeconds(1));

        HttpResponse<String> answer = clientSend("GET", checkout, "", "");

        assertThat(answer.statusCode()).isEqualTo(410);
        assertThat(json(answer).get("error").asText()).isEqualTo("ExpiredCheckoutError");
        assertThat(confirm(checkout, TestCard.PAYS, NEW_BUYER).statusCode()).isEqualTo(410);
        assertThat(types(polar.takeEvents())).containsExactly("checkout.expired");
        assertThat(send("PATCH", "/checkouts/" + checkout.get("id").asText(), "{}").statusCode()).isEqualTo(403);
        assertThat(ids("/checkouts/?status=expired&sorting=-expires_at")).containsExactly(checkout.get("id").asText());
    }

    @Test
    void confirmedCheckout_isNoLongerOpen() {
        JsonNode checkout = create("\"products\":[\"" + pro + "\"]");
        confirm(checkout, TestCard.PAYS_LATER, NEW_BUYER);
        polar.takeEvents();

        HttpResponse<String> again = confirm(checkout, TestCard.PAYS, NEW_BUYER);

        assertThat(again.statusCode()).isEqualTo(403);
        assertThat(json(again).get("error").asText()).isEqualTo("NotOpenCheckout");
        assertThat(polar.takeEvents()).isEmpty();
    }

    @Test
    void externalIdOfACustomerWithAnotherEmail_isAMismatch() {
        JsonNode checkout = create("\"products\":[\"" + pro + "\"],\"external_customer_id\":\"org-late\"");
        polar.customers().create("org-late");
        polar.takeEvents();

        HttpResponse<String> answer = confirm(checkout, TestCard.PAYS, NEW_BUYER);

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(json(answer).get("error").asText()).isEqualTo("CheckoutCustomerExternalIdMismatch");
        assertThat(polar.takeEvents()).isEmpty();
    }

    @Test
    void deletedCustomer_cannotConfirm() {
        JsonNode checkout = create("\"products\":[\"" + pro + "\"],\"customer_id\":\"" + customer + "\"");
        polar.customers().delete(customer);

        HttpResponse<String> answer = confirm(checkout, TestCard.PAYS, NEW_BUYER);

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(json(answer).get("error").asText()).isEqualTo("CheckoutCustomerDeleted");
    }

    @Test
    void merchantWithOneSubscriptionPerCustomer_andOneTrial_refusesASecond() {
        polar.checkoutSessions().setRules(false, true);
        polar.checkouts().startTrial(customer, pro, Map.of());
        JsonNode second = create("\"products\":[\"" + team + "\"],\"customer_id\":\"" + customer + "\"");
        polar.takeEvents();

        HttpResponse<String> active = confirm(second, TestCard.PAYS, NEW_BUYER);
        polar.subscriptions().revoke(polar.subscriptions().of(customer).getFirst());
        JsonNode trial = create("\"products\":[\"" + team + "\"],\"customer_id\":\"" + customer
                + "\",\"trial_interval\":\"day\",\"trial_interval_count\":3");
        HttpResponse<String> redeemed = confirm(trial, TestCard.PAYS, NEW_BUYER);

        assertThat(active.statusCode()).isEqualTo(403);
        assertThat(json(active).get("error").asText()).isEqualTo("AlreadyActiveSubscriptionError");
        assertThat(redeemed.statusCode()).isEqualTo(403);
        assertThat(json(redeemed).get("error").asText()).isEqualTo("TrialAlreadyRedeemed");
        assertThat(confirm(second, TestCard.PAYS, NEW_BUYER).statusCode()).isEqualTo(200);
    }

    @Test
    void lockedCheckout_isRefused() {
        JsonNode checkout = create("\"products\":[\"" + pro + "\"]");
        polar.checkoutSessions().setLocked(UUID.fromString(checkout.get("id").asText()), true);

        HttpResponse<String> answer = confirm(checkout, TestCard.PAYS, NEW_BUYER);

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(json(answer).get("error").asText()).isEqualTo("CheckoutLocked");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "'' | [\"body\",\"products\"]",
            "\"products\":[] | [\"body\",\"products\"]",
            "\"products\":[\"x\"] | [\"body\",\"products\",0]",
            "\"products\":[\"PRO\",\"NOBODY\"] | [\"body\",\"products\",1]",
            "PRODUCTS,\"customer_id\":\"NOBODY\" | [\"body\",\"customer_id\"]",
            "PRODUCTS,\"discount_id\":\"NOBODY\" | [\"body\",\"discount_id\"]",
            "PRODUCTS,\"seats\":2 | [\"body\",\"seats\"]",
            "PRODUCTS,\"units\":2 | [\"body\",\"units\"]",
            "PRODUCTS,\"prices\":{} | [\"body\",\"prices\"]",
            "PRODUCTS,\"customer_email\":\"kim\" | [\"body\",\"customer_email\"]",
            "PRODUCTS,\"success_url\":\"/thanks\" | [\"body\",\"success_url\"]",
            "PRODUCTS,\"currency\":\"jpy\" | [\"body\",\"currency\"]",
            "PRODUCTS,\"trial_interval\":\"day\" | [\"body\",\"trial_interval\"]",
            "PRODUCTS,\"customer_billing_address\":{} | [\"body\",\"customer_billing_address\",\"country\"]",
            "PRODUCTS,\"customer_tax_id\":\"ES1\" | [\"body\",\"customer_tax_id\"]"
    })
    void invalidField_isNamed_andNothingIsMade(String fields, String loc) {
        String body = "{" + fields.replace("PRODUCTS", "\"products\":[\"PRO\"]").replace("PRO", pro.toString())
                .replace("NOBODY", "00000000-0000-4000-8000-000000000000") + "}";
        assertRefused(send("POST", "/checkouts/", body), loc);

        assertThat(polar.takeEvents()).isEmpty();
        assertThat(ids("/checkouts/")).isEmpty();
    }
}
