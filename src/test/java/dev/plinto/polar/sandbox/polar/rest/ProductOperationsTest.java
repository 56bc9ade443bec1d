package dev.plinto.polar.sandbox.polar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Products, their prices and benefits, over HTTP.
class ProductOperationsTest extends PolarApiClient {

    private static final String YEARLY = """
            {"name":"Atelier","recurring_interval":"year","prices":[{"amount_type":"fixed","price_amount":12000}],
             "metadata":{"tier":"pro"},"visibility":"private","trial_interval":"day","trial_interval_count":7}""";

    @BeforeEach
    void forgetTheCustomersEvents() {
        polar.takeEvents();
    }

    @Test
    void newProduct_isTheOneOfItsWebhook_andIsListed() throws IOException {
        HttpResponse<String> created = send("POST", "/products/", YEARLY);

        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        JsonNode product = json(created);
        assertThat(product.at("/prices/0/price_currency").asText()).isEqualTo("usd");
        assertThat(product.get("is_deletable").asBoolean()).isTrue();
        WebhookEvent event = polar.takeEvents().getLast();
        assertThat(event.type()).isEqualTo("product.created");
        assertThat(JSON.readTree(event.body()).get("data")).isEqualTo(product);
        String id = product.get("id").asText();
        assertThat(json(get("/products/" + id))).isEqualTo(product);
        for (String filter : List.of("query=TELI", "visibility=private", "metadata%5Btier%5D=pro", "id=" + id)) {
            assertThat(ids("/products/?" + filter)).as(filter).containsExactly(id);
        }
        assertThat(ids("/products/?is_recurring=false"))
                .containsExactly(polar.catalogue().onboarding().toString());
        assertThat(ids("/products/?is_archived=true")).isEmpty();
        UUID benefit = polar.catalogue().benefitsOf(polar.catalogue().onboarding()).getFirst();
        assertThat(ids("/products/?benefit_id=" + benefit)).containsExactlyInAnyOrder(
                polar.catalogue().onboarding().toString(), polar.catalogue().studio().toString());
    }

    @Test
    void subscriptionOfAYearlyProduct_hasPeriodsOfAYear() {
        UUID product = id(send("POST", "/products/", YEARLY));
        UUID subscription = polar.checkouts().purchase(customer, product, Map.of());

        JsonNode bought = json(get("/subscriptions/" + subscription));
        assertThat(bought.get("current_period_start").asText()).startsWith("2026-11-03T");
        assertThat(bought.get("current_period_end").asText()).startsWith("2027-11-03T");
        assertThat(json(get("/products/" + product)).get("is_deletable").asBoolean()).isFalse();
    }

    @Test
    void whoHasBought_keepsThePriceThatIsArchived() {
        UUID pro = polar.catalogue().pro();
        UUID subscription = polar.checkouts().purchase(customer, pro, Map.of());
        HttpResponse<String> changed = send("PATCH", "/products/" + pro,
                "{\"prices\":[{\"amount_type\":\"fixed\",\"price_amount\":4900,\"price_currency\":\"eur\"}]}");
        polar.takeEvents();
        polar.subscriptions().renew(subscription);

        assertThat(json(changed).at("/prices/0/price_amount").asInt()).isEqualTo(4_900);
        assertThat(json(changed).get("prices")).hasSize(1);
        assertThat(json(get("/subscriptions/" + subscription)).at("/prices/0/price_amount").asInt()).isEqualTo(2_900);
        assertThat(data("order.created").get("subtotal_amount").asInt()).isEqualTo(2_900);
        UUID later = polar.checkouts().purchase(polar.customers().create("org-2"), pro, Map.of());
        assertThat(json(get("/subscriptions/" + later)).get("amount").asInt()).isEqualTo(4_900);
    }

    @Test
    void pricesByUsage_standBesideAFixedOne() {
        UUID meter = id(send("POST", "/meters/", """
                {"name":"Calls","filter":{"conjunction":"and","clauses":[]},"aggregation":{"func":"count"}}"""));
        HttpResponse<String> created = send("POST", "/products/", """
                {"name":"By call","recurring_interval":"month","prices":[{"amount_type":"fixed","price_amount":500},
                 {"amount_type":"metered_unit","meter_id":"%s","unit_amount":0.25,"cap_amount":900}]}"""
                .formatted(meter));

        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        assertThat(json(created).at("/prices/1/unit_amount").asText()).isEqualTo("0.25");
        assertThat(json(created).at("/prices/1/meter/name").asText()).isEqualTo("Calls");
        assertThat(send("PATCH", "/meters/" + meter, "{\"is_archived\":true}").statusCode()).isEqualTo(422);
        JsonNode both = json(created).get("prices");
        UUID product = id(created);
        String keepFixed = "{\"prices\":[{\"id\":\"%s\"}]}".formatted(both.get(0).get("id").asText());
        assertThat(json(send("PATCH", "/products/" + product, keepFixed)).get("prices")).hasSize(1);
        assertThat(json(send("PATCH", "/meters/" + meter, "{\"is_archived\":true}")).get("archived_at").isNull())
                .isFalse();
        UUID subscription = polar.checkouts().purchase(customer, product, Map.of());
        assertThat(json(get("/subscriptions/" + subscription)).get("amount").asInt()).isEqualTo(500);
    }

    @Test
    void seats_costWhatTheirTiersSay() {
        UUID product = id(send("POST", "/products/", """
                {"name":"Seats","recurring_interval":"month","prices":[{"amount_type":"seat_based","seat_tiers":
                 {"seat_tier_type":"graduated","tiers":[{"min_seats":2,"max_seats":4,"price_per_seat":1000},
                  {"min_seats":5,"price_per_seat":500}]}}]}"""));

        JsonNode tiers = json(get("/products/" + product)).at("/prices/0/seat_tiers");
        assertThat(tiers.get("minimum_seats").asInt()).isEqualTo(2);
        assertThat(tiers.get("maximum_seats").isNull()).isTrue();
    }

    @Test
    void benefitsOfAProduct_reachItsBuyers() {
        UUID pro = polar.catalogue().pro();
        UUID onboarding = polar.catalogue().onboarding();
        UUID other = polar.customers().create("org-2");
        polar.checkouts().purchase(customer, pro, Map.of());
        UUID order = polar.checkouts().purchase(other, onboarding, Map.of());
        UUID kept = polar.catalogue().benefitsOf(pro).getFirst();
        UUID added = polar.catalogue().addBenefit("Dark mode", "dark_mode");
        polar.takeEvents();

        HttpResponse<String> changed = send("POST", "/products/" + pro + "/benefits",
                "{\"benefits\":[\"%s\",\"%s\"]}".formatted(kept, added));

        assertThat(json(changed).get("benefits")).hasSize(2);
        assertThat(types()).containsExactly(
                "product.updated", "benefit_grant.revoked", "benefit_grant.created", "customer.state_changed");
        assertThat(polar.grants().benefitsOf(customer)).containsExactlyInAnyOrder(kept, added);
        send("POST", "/products/" + pro + "/benefits", "{\"benefits\":[\"%s\",\"%s\"]}".formatted(kept, added));
        assertThat(types()).as("nothing has changed").isEmpty();

        polar.refunds().refund(order, true);
        polar.takeEvents();
        send("POST", "/products/" + onboarding + "/benefits", "{\"benefits\":[\"%s\"]}".formatted(added));
        assertThat(types()).as("the refund has taken the benefits").containsExactly("product.updated");
    }

    @Test
    void benefitsOfASeatProduct_reachWhoHasClaimedASeat_notTheBuyer() {
        UUID studio = polar.catalogue().studio();
        UUID subscription = polar.checkouts().purchaseSeats(customer, 2, Map.of());
        polar.seats().claim(polar.seats().assign(subscription, "mika@customer.example"));
        polar.seats().assign(subscription, "kim@customer.example");
        UUID added = polar.catalogue().addBenefit("Dark mode", "dark_mode");
        polar.takeEvents();

        send("POST", "/products/" + studio + "/benefits", "{\"benefits\":[\"%s\"]}".formatted(added));

        assertThat(types()).containsExactly("product.updated", "benefit_grant.revoked", "benefit_grant.revoked",
                "benefit_grant.created", "customer.state_changed");
    }

    @Test
    void productInUse_canOnlyBeArchived() {
        UUID product = id(send("POST", "/products/", YEARLY));
        UUID unused = id(send("POST", "/products/", YEARLY));
        polar.checkouts().purchase(customer, product, Map.of());

        HttpResponse<String> refused = send("DELETE", "/products/" + product, "");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(json(refused).get("error").asText()).isEqualTo("ProductNotDeletable");
        assertThat(send("DELETE", "/products/" + unused, "").statusCode()).isEqualTo(204);
        assertThat(get("/products/" + unused).statusCode()).isEqualTo(404);
        assertThat(send("DELETE", "/products/" + unused, "").statusCode()).isEqualTo(404);
        polar.takeEvents();
        assertThat(json(send("PATCH", "/products/" + product, "{\"is_archived\":true}")).get("is_archived").asBoolean())
                .isTrue();
        assertThat(types()).containsExactly("product.updated");
        assertThat(ids("/products/?is_archived=true")).containsExactly(product.toString());
        assertThat(send("DELETE", "/products/" + polar.catalogue().pro(), "").statusCode())
                .as("the scenarios sell it").isEqualTo(409);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{\"name\":\"No\",\"prices\":[{\"amount_type\":\"fixed\",\"price_amount\":9}]} | name,prices",
            "{\"name\":\"Night\",\"prices\":[]} | prices",
            "{\"name\":\"Night\",\"prices\":[{\"amount_type\":\"unit_based\"}]} | prices",
            "{\"name\":\"Night\",\"recurring_interval\":\"hour\",\"prices\":[{\"amount_type\":\"custom\"}]} "
                    + "| recurring_interval",
            "{\"name\":\"Night\",\"trial_interval\":\"day\",\"prices\":[{\"amount_type\":\"custom\"}]} "
                    + "| trial_interval",
            "{\"name\":\"Night\",\"medias\":[\"x\"],\"prices\":[{\"amount_type\":\"custom\"}]} | medias",
            "{\"name\":\"Night\",\"prices\":[{\"amount_type\":\"custom\"},{\"amount_type\":\"custom\"}]} | prices",
            "{\"name\":\"Night\",\"prices\":[{\"amount_type\":\"custom\",\"maximum_amount\":9}]} | prices"})
    void wrongProduct_isRefused(String body, String fields) {
        HttpResponse<String> refused = send("POST", "/products/", body);

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(json(refused).get("detail").findValuesAsText("msg")).isNotEmpty();
        List<String> found = json(refused).get("detail").findValues("loc").stream()
                .map(loc -> loc.get(1).asText()).sorted().distinct().toList();
        assertThat(found).containsExactly(fields.split(","));
        assertThat(types()).isEmpty();
    }

    @Test
    void wrongChange_changesNothing() {
        UUID pro = polar.catalogue().pro();
        JsonNode before = json(get("/products/" + pro));
        for (String wrong : List.of("{\"recurring_interval\":\"year\",\"name\":\"Changed\"}",
                "{\"prices\":[{\"id\":\"%s\"}],\"name\":\"Changed\"}".formatted(UUID.randomUUID()))) {
            assertThat(send("PATCH", "/products/" + pro, wrong).statusCode()).as(wrong).isEqualTo(422);
        }
        HttpResponse<String> unknown = send("POST", "/products/" + pro + "/benefits",
                "{\"benefits\":[\"%s\"]}".formatted(UUID.randomUUID()));
        assertThat(json(unknown).at("/detail/0/loc").toString()).isEqualTo("[\"body\",\"benefits\",0]");

        assertThat(json(get("/products/" + pro))).isEqualTo(before);
        assertThat(types()).isEmpty();
    }

    @Test
    void scenarios_sellTheirProducts_whateverTheMetadata() throws IOException {
        UUID pro = polar.catalogue().pro();
        send("PATCH", "/products/" + pro, "{\"metadata\":{}}");
        send("POST", "/products/", YEARLY.replace("tier", "plan"));

        assertThat(polar.catalogue().pro()).isEqualTo(pro);
        SimulatedPolar restored = SimulatedPolar.restored(
                polar.saved(), InstantSource.fixed(Instant.parse("2026-11-03T09:00:00Z")), new Random(1));
        assertThat(restored.catalogue().pro()).isEqualTo(pro);
    }

    /// It had one price per product, and customers' meters without the meters themselves.
    @Test
    void stateOfAnOlderVersion_isRead() throws IOException {
        UUID pro = polar.catalogue().pro();
        polar.customers().consume(customer, 3);
        ObjectNode saved = (ObjectNode) JSON.readTree(polar.saved());
        saved.remove(List.of("plans", "meter_definitions", "usage"));
        saved.get("products").forEach(product -> {
            JsonNode price = product.get("prices").get(0);
            ((ObjectNode) product).remove("prices");
            ((ObjectNode) product).set("price", price);
        });

        SimulatedPolar restored = SimulatedPolar.restored(JSON.writeValueAsBytes(saved),
                InstantSource.fixed(Instant.parse("2026-11-03T09:00:00Z")), new Random(1));

        assertThat(restored.catalogue().pro()).isEqualTo(pro);
        assertThat(restored.records().products().filter(product -> product.id().equals(pro)).findFirst().orElseThrow()
                .json().get().at("/prices/0/price_amount").asInt()).isEqualTo(2_900);
        assertThat(
                restored.records().customerMeters().findFirst().orElseThrow().json().get().at("/meter/name").asText())
                .isEqualTo("Usage");
    }

    private List<String> types() {
        return polar.takeEvents().stream().map(WebhookEvent::type).toList();
    }

    private JsonNode data(String type) {
        try {
            return JSON.readTree(polar.takeEvents().stream().filter(event -> event.type().equals(type)).findFirst()
                    .orElseThrow().body()).get("data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static UUID id(HttpResponse<String> answer) {
        return UUID.fromString(json(answer).get("id").asText());
    }
}
