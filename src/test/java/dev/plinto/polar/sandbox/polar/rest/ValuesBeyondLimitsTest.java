package dev.plinto.polar.sandbox.polar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Values that Java can hold and Polar does not take: each is refused by name, and none ends in a wrong amount or a
/// failure.
class ValuesBeyondLimitsTest extends CheckoutClient {

    private static final String PRODUCT = "{\"name\":\"Atelier\",\"recurring_interval\":\"month\",%s}";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"amount_type":"fixed","price_amount":100000000}                        | price_amount
            {"amount_type":"custom","preset_amount":100000000}                      | preset_amount
            {"amount_type":"metered_unit","unit_amount":1e400,"meter_id":"x"}       | meter_id
            {"amount_type":"seat_based","seat_tiers":\
            {"tiers":[{"min_seats":5,"max_seats":2,"price_per_seat":500}]}}         | seat_tiers","tiers
            """)
    void price(String price, String loc) {
        assertRefused(send("POST", "/products/", PRODUCT.formatted("\"prices\":[" + price + "]")),
                "[\"body\",\"prices\",0,\"" + loc + "\"]");
    }

    @Test
    void infiniteNumber() {
        assertRefused(send("POST", "/products/", PRODUCT.formatted("""
                "metadata":{"a":1e400},"prices":[{"amount_type":"fixed","price_amount":500}]""")),
                "[\"body\",\"metadata\",\"a\"]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /subscriptions/1-1-1-1-1                                                  | ["path","id"]
            /subscriptions/?product_id=1-1-1-1-1                                      | ["query","product_id"]
            /subscriptions/?started_after=%2B999999999-12-31T23:59:59Z                | ["query","started_after"]
            """)
    void parameter(String path, String loc) {
        assertRefused(get(path), loc);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "null"})
    void fixedDiscountOfNothing(String amounts) {
        assertRefused(send("POST", "/discounts/",
                "{\"name\":\"Five\",\"type\":\"fixed\",\"duration\":\"once\",\"amounts\":" + amounts + "}"),
                "[\"body\",\"amounts\"]");
    }

    @Test
    void quantitiesOfACustomer_needItsId_andHaveTimesWithSeconds() {
        String meter = json(send("POST", "/meters/", """
                {"name":"Calls","filter":{"conjunction":"and","clauses":[]},"aggregation":{"func":"count"}}"""))
                .get("id").asText();
        String day = "/meters/" + meter
                + "/quantities?start_timestamp=2026-11-01T00:00:00Z&end_timestamp=2026-11-02T00:00:00Z&interval=day";

        assertThat(json(get(day)).at("/quantities/0/timestamp").asText()).isEqualTo("2026-11-01T00:00:00Z");
        assertRefused(get(day + "&customer_id=x"), "[\"query\",\"customer_id\"]");
    }

    @Test
    void yearAfter9999() {
        UUID subscription = polar.checkouts().purchase(customer, pro, Map.of());

        assertRefused(send("PATCH", "/subscriptions/" + subscription,
                "{\"current_billing_period_end\":\"+10000-01-01T00:00:00Z\"}"),
                "[\"body\",\"current_billing_period_end\"]");
    }

    @Test
    void seatsThatCostMoreThanPolarCharges() {
        JsonNode studio = json(send("POST", "/products/", PRODUCT.formatted("""
                "prices":[{"amount_type":"seat_based","seat_tiers":{"tiers":[
                  {"min_seats":1,"price_per_seat":1000000}]}}]""")));

        assertRefused(send("POST", "/checkouts/", "{\"products\":[" + studio.get("id") + "],\"seats\":10000}"),
                "[\"body\",\"seats\"]");
    }

    @Test
    void amountThatTheBuyerChooses() {
        JsonNode gift = json(send("POST", "/products/", PRODUCT.formatted(
                "\"prices\":[{\"amount_type\":\"custom\",\"preset_amount\":900}]")));

        assertRefused(send("POST", "/checkouts/", "{\"products\":[" + gift.get("id") + "],\"amount\":700}"),
                "[\"body\",\"amount\"]");
        assertThat(create("\"products\":[" + gift.get("id") + "],\"amount\":900").get("amount").asInt()).isEqualTo(900);
    }

    @Test
    void periodOfCenturies_canBeLeft() {
        JsonNode century = json(send("POST", "/products/", """
                {"name":"Century","recurring_interval":"year","recurring_interval_count":999,
                 "prices":[{"amount_type":"fixed","price_amount":99999999,"price_currency":"eur"}]}"""));
        UUID subscription = polar.checkouts().purchase(
                customer, UUID.fromString(century.get("id").asText()), Map.of());

        HttpResponse<String> changed = send("PATCH", "/subscriptions/" + subscription,
                "{\"product_id\":\"" + pro + "\"}");

        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        JsonNode first = json(get("/orders/")).get("items").get(1);
        assertThat(first.get("tax_amount").asInt()).isEqualTo(21_000_000);
    }

    @Test
    void deletedCustomer_isUnknownToANewCheckout() {
        polar.customers().delete(customer);

        assertRefused(send("POST", "/checkouts/",
                "{\"products\":[\"" + pro + "\"],\"customer_id\":\"" + customer + "\"}"),
                "[\"body\",\"customer_id\"]");
    }

    @Test
    void buyerWhoTurnsFromSeatsToAnotherProduct_needsNone() {
        JsonNode checkout = create("\"products\":[\"" + polar.catalogue().studio() + "\",\"" + pro + "\"],\"seats\":4");

        HttpResponse<String> turned = clientSend("PATCH", checkout, "", "{\"product_id\":\"" + pro + "\"}");

        assertThat(turned.statusCode()).as(turned.body()).isEqualTo(200);
        assertThat(json(turned).get("seats").isNull()).isTrue();
    }
}
