package dev.plinto.polar.sandbox.polar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Benefits, and who has them, over HTTP.
class BenefitOperationsTest extends PolarApiClient {

    private static final String NOTE = """
            {"type":"custom","description":"A call a month","properties":{"note":"Call us"},
             "metadata":{"kind":"call"}}""";

    @BeforeEach
    void forgetTheCustomersEvents() {
        polar.takeEvents();
    }

    @Test
    void newBenefit_isTheOneOfItsWebhook_andIsListed() throws IOException {
        JsonNode benefit = json(send("POST", "/benefits/", NOTE));

        WebhookEvent event = polar.takeEvents().getLast();
        assertThat(event.type()).isEqualTo("benefit.created");
        assertThat(JSON.readTree(event.body()).get("data")).isEqualTo(benefit);
        String id = benefit.get("id").asText();
        for (String filter : List.of("query=A%20CALL", "id=" + id, "metadata%5Bkind%5D=call")) {
            assertThat(ids("/benefits/?" + filter)).as(filter).containsExactly(id);
        }
        assertThat(ids("/benefits/?type=custom&exclude_id=" + id)).hasSize(2).doesNotContain(id);
        assertThat(json(get("/benefits/" + id))).isEqualTo(benefit);
    }

    @Test
    void changedBenefit_reachesWhoHasIt() {
        UUID exports = polar.catalogue().benefitsOf(polar.catalogue().pro()).getFirst();
        polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        polar.takeEvents();

        HttpResponse<String> changed = send("PATCH", "/benefits/" + exports,
                "{\"type\":\"feature_flag\",\"metadata\":{\"feature\":\"all_exports\"}}");

        assertThat(json(changed).at("/metadata/feature").asText()).isEqualTo("all_exports");
        assertThat(types()).containsExactly("benefit.updated", "benefit_grant.updated", "customer.state_changed");
        assertThat(json(get("/benefits/" + exports + "/grants?is_granted=true")).at("/items/0/customer_id").asText())
                .isEqualTo(customer.toString());
        assertThat(json(get("/benefits/" + exports + "/grants?customer_id=" + UUID.randomUUID())).get("items"))
                .isEmpty();
    }

    @Test
    void deletedBenefit_isTakenFromWhoHasIt_andFromItsProducts() throws IOException {
        UUID pro = polar.catalogue().pro();
        UUID exports = polar.catalogue().benefitsOf(pro).getFirst();
        polar.checkouts().purchase(customer, pro, Map.of());
        polar.takeEvents();

        assertThat(send("DELETE", "/benefits/" + exports, "").statusCode()).isEqualTo(204);

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(events.stream().map(WebhookEvent::type))
                .containsExactly("benefit.updated", "benefit_grant.revoked", "customer.state_changed");
        assertThat(JSON.readTree(events.getFirst().body()).at("/data/is_deleted").asBoolean()).isTrue();
        assertThat(get("/benefits/" + exports).statusCode()).isEqualTo(404);
        assertThat(json(get("/products/" + pro)).get("benefits")).hasSize(1);
        assertThat(send("DELETE", "/benefits/" + exports, "").statusCode()).isEqualTo(404);
    }

    @Test
    void creditsOfAMeter_areGivenOncePerPeriod_andRollOverIfTheyMay() {
        String meter = json(send("POST", "/meters/", """
                {"name":"Calls","filter":{"conjunction":"and","clauses":[]},"aggregation":{"func":"count"}}"""))
                .get("id").asText();
        UUID benefit = UUID.fromString(json(send("POST", "/benefits/", """
                {"type":"meter_credit","description":"Ten calls","properties":{"meter_id":"%s","units":10,
                 "rollover":true}}""".formatted(meter))).get("id").asText());
        UUID product = polar.catalogue().addProduct("Calling", 500, List.of(benefit));
        UUID subscription = polar.checkouts().purchase(customer, product, Map.of());

        JsonNode first = json(get("/customer-meters/?customer_id=" + customer)).at("/items/0");
        assertThat(first.get("credited_units").asInt()).isEqualTo(10);
        assertThat(first.get("balance").asDouble()).isEqualTo(10);
        assertThat(json(get("/benefits/" + benefit + "/grants")).at("/items/0/properties/last_credited_units").asInt())
                .isEqualTo(10);
        send("POST", "/events/ingest", """
                {"events":[{"name":"call","external_customer_id":"org-1"},{"name":"call","customer_id":"%s"}]}"""
                .formatted(customer));
        polar.subscriptions().failToRenew(subscription);
        polar.subscriptions().recoverPayment(subscription);
        polar.subscriptions().renew(subscription);

        JsonNode later = json(get("/customer-meters/" + first.get("id").asText()));
        assertThat(later.get("consumed_units").asDouble()).isZero();
        assertThat(later.get("balance").asDouble()).as("rolled over").isGreaterThan(10);
        assertThat(ids("/events/?source=system&name=meter.reset")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{\"type\":\"custom\",\"description\":\"No\",\"properties\":{}}",
            "{\"type\":\"license_keys\",\"description\":\"A key\",\"properties\":{}}",
            "{\"type\":\"meter_credit\",\"description\":\"Calls\",\"properties\":{\"units\":0,\"rollover\":true}}",
            "{\"type\":\"custom\",\"description\":\"A call\"}",
            "{\"type\":\"custom\",\"description\":\"A call\",\"properties\":{},\"organization_id\":\"x\"}"})
    void wrongBenefit_isRefused(String body) {
        assertThat(send("POST", "/benefits/", body).statusCode()).isEqualTo(422);
        assertThat(types()).isEmpty();
    }

    private List<String> types() {
        return polar.takeEvents().stream().map(WebhookEvent::type).toList();
    }
}
