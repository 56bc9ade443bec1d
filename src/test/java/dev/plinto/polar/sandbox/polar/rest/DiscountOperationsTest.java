package dev.plinto.polar.sandbox.polar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Discounts over HTTP, and what they take off at checkout.
class DiscountOperationsTest extends PolarApiClient {

    @BeforeEach
    void forgetTheCustomersEvents() {
        polar.takeEvents();
    }

    @Test
    void newDiscount_isTheOneOfItsWebhook() throws IOException {
        JsonNode discount = json(send("POST", "/discounts/", """
                {"name":"Launch","type":"percentage","basis_points":2500,"duration":"repeating","duration_in_months":3,
                 "code":"LAUNCH25","max_redemptions":5,"products":["%s"]}""".formatted(polar.catalogue().pro())));

        WebhookEvent event = polar.takeEvents().getLast();
        assertThat(event.type()).isEqualTo("discount.created");
        assertThat(JSON.readTree(event.body()).get("data")).isEqualTo(discount);
        assertThat(discount.at("/products/0/name").asText()).isEqualTo("Pro");
        assertThat(discount.get("duration_in_months").asInt()).isEqualTo(3);
        assertThat(discount.has("amount")).isFalse();
        assertThat(ids("/discounts/?query=launch2")).containsExactly(discount.get("id").asText());
    }

    @Test
    void fixedDiscount_takesItsAmountOff_ofItsProductsOnly() {
        String pro = polar.catalogue().pro().toString();
        String discount = json(send("POST", "/discounts/", """
                {"name":"Five","type":"fixed","amounts":{"eur":500},"duration":"once","products":["%s"]}"""
                .formatted(pro))).get("id").asText();

        String checkout = "{\"products\":[\"%s\"],\"discount_id\":\"" + discount + "\"}";
        assertThat(json(send("POST", "/checkouts/", checkout.formatted(pro))).get("net_amount").asInt())
                .isEqualTo(2_400);
        assertThat(send("POST", "/checkouts/", checkout.formatted(polar.catalogue().team())).statusCode())
                .isEqualTo(422);
        assertThat(json(get("/discounts/" + discount)).get("amount").asInt()).isEqualTo(500);
    }

    @Test
    void code_isUniqueUntilItsDiscountIsDeleted() {
        String body = "{\"name\":\"Ten\",\"type\":\"percentage\",\"basis_points\":1000,\"duration\":\"once\","
                + "\"code\":\"%s\"}";
        String id = json(send("POST", "/discounts/", body.formatted("TEN10"))).get("id").asText();

        HttpResponse<String> taken = send("POST", "/discounts/", body.formatted("ten10"));
        assertThat(taken.statusCode()).isEqualTo(422);
        assertThat(json(taken).at("/detail/0/loc").toString()).isEqualTo("[\"body\",\"code\"]");
        assertThat(send("PATCH", "/discounts/" + id, "{\"code\":\"TEN10\",\"name\":\"Tenth\"}").statusCode())
                .as("its own").isEqualTo(200);
        assertThat(send("DELETE", "/discounts/" + id, "").statusCode()).isEqualTo(204);
        assertThat(get("/discounts/" + id).statusCode()).isEqualTo(404);
        assertThat(send("POST", "/discounts/", body.formatted("TEN10")).statusCode()).isEqualTo(201);
        assertThat(polar.takeEvents().stream().map(WebhookEvent::type)).containsExactly(
                "discount.created", "discount.updated", "discount.deleted", "discount.created");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{\"name\":\"A\",\"duration\":\"repeating\",\"basis_points\":5} | duration_in_months",
            "{\"name\":\"A\",\"duration\":\"once\",\"type\":\"percentage\",\"basis_points\":10001} | basis_points",
            "{\"name\":\"A\",\"duration\":\"once\",\"type\":\"fixed\"} | amount",
            "{\"name\":\"A\",\"duration\":\"once\",\"basis_points\":5,\"code\":\"a b\"} | code",
            "{\"duration\":\"once\",\"basis_points\":5} | name",
            "{\"name\":\"A\",\"duration\":\"once\",\"basis_points\":5,"
                    + "\"products\":[\"00000000-0000-4000-8000-000000000000\"]} | products"})
    void wrongDiscount_isRefused(String body, String field) {
        HttpResponse<String> refused = send("POST", "/discounts/", body);

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(json(refused).at("/detail/0/loc/1").asText()).isEqualTo(field);
        assertThat(polar.takeEvents()).isEmpty();
    }

    @Test
    void typeAndDuration_cannotBeChanged() {
        String id = polar.catalogue().addDiscount("Launch", 20).toString();
        for (String change : List.of("{\"type\":\"fixed\"}", "{\"duration\":\"forever\"}")) {
            assertThat(send("PATCH", "/discounts/" + id, change).statusCode()).as(change).isEqualTo(422);
        }
    }
}
