package dev.plinto.polar.sandbox.polar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Customers through Polar's API, by either of their ids.
class CustomersOverHttpTest extends PolarApiClient {

    private final String path = "/customers/" + customer;

    @BeforeEach
    void forgetThePast() {
        polar.takeEvents();
    }

    @Test
    void individual_isMadeWithAllItsFields_andItsOwner() {
        HttpResponse<String> answer = send("POST", "/customers/", """
                {"email":"kim@example.org","external_id":"org-2","name":"Kim","locale":"fr","tax_id":"ESB123",
                 "billing_address":{"country":"ES","city":"Vigo"},"metadata":{"size":3}}""");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        JsonNode made = json(answer);
        assertThat(made.get("type").asText()).isEqualTo("individual");
        assertThat(made.get("locale").asText()).isEqualTo("fr");
        assertThat(made.get("tax_id").toString()).isEqualTo("[\"ESB123\",\"eu_vat\"]");
        assertThat(made.at("/billing_address/city").asText()).isEqualTo("Vigo");
        assertThat(made.at("/metadata/size").asInt()).isEqualTo(3);
        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly("member.created", "customer.created", "customer.state_changed");
        assertThat(data(events, "member.created").get("email").asText()).isEqualTo("kim@example.org");
        assertThat(data(events, "customer.created")).isEqualTo(made);
        assertThat(json(get("/customers/external/org-2"))).isEqualTo(made);
    }

    @Test
    void team_mayHaveTheEmailOfItsOwnerOnly() {
        HttpResponse<String> answer = send("POST", "/customers/",
                """
                {"type":"team","name":"Crew",
                 "owner":{"email":"kim@example.org","name":"Kim","external_id":"usr-1"}}""");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(json(answer).get("type").asText()).isEqualTo("team");
        assertThat(json(answer).get("email").isNull()).isTrue();
        JsonNode owner = data(polar.takeEvents(), "member.created");
        assertThat(owner.get("role").asText()).isEqualTo("owner");
        assertThat(owner.get("email").asText()).isEqualTo("kim@example.org");
        assertThat(owner.get("external_id").asText()).isEqualTo("usr-1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{} | email",
            "{\"type\":\"team\"} | email",
            "{\"email\":\"kim\"} | email",
            "{\"email\":\"TAKEN\"} | email",
            "{\"email\":\"kim@example.org\",\"external_id\":\"org-1\"} | external_id",
            "{\"email\":\"kim@example.org\",\"tax_id\":\"ES1\"} | tax_id",
            "{\"email\":\"kim@example.org\",\"organization_id\":\"x\"} | organization_id",
            "{\"email\":\"kim@example.org\",\"type\":\"crowd\"} | type",
    })
    void invalidField_isNamed_andNothingIsMade(String body, String field) {
        String taken = json(get(path)).get("email").asText().toUpperCase(Locale.ROOT);

        HttpResponse<String> answer = send("POST", "/customers/", body.replace("TAKEN", taken));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(json(answer).at("/detail/0/loc").toString()).isEqualTo("[\"body\",\"" + field + "\"]");
        assertThat(polar.takeEvents()).isEmpty();
        assertThat(ids("/customers/")).hasSize(1);
    }

    @Test
    void update_changesWhatItNames_andReplacesMetadata() {
        send("PATCH", path, "{\"metadata\":{\"a\":1,\"b\":2}}");
        JsonNode before = json(get(path));
        polar.takeEvents();

        HttpResponse<String> answer = send("PATCH", "/customers/external/org-1",
                "{\"name\":\"Kim\",\"email\":null,\"billing_address\":null,\"metadata\":{\"c\":3}}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode after = json(answer);
        assertThat(after.get("name").asText()).isEqualTo("Kim");
        assertThat(after.get("metadata").toString()).isEqualTo("{\"c\":3}");
        assertThat(after.get("email")).isEqualTo(before.get("email"));
        assertThat(after.get("billing_address")).isEqualTo(before.get("billing_address"));
        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly("customer.updated", "customer.state_changed");
        assertThat(data(events, "customer.updated")).isEqualTo(after);
    }

    @Test
    void externalId_isSetOnce_byPolarsIdOnly() {
        String unlinked = polar.customers().create(null).toString();
        polar.takeEvents();

        JsonNode linked = json(send("PATCH", "/customers/" + unlinked, "{\"external_id\":\"org-9\"}"));
        HttpResponse<String> changed = send("PATCH", "/customers/" + unlinked, "{\"external_id\":\"org-10\"}");
        JsonNode ignored = json(send("PATCH", "/customers/external/org-9", "{\"external_id\":\"org-10\"}"));

        assertThat(linked.get("external_id").asText()).isEqualTo("org-9");
        assertThat(changed.statusCode()).isEqualTo(422);
        assertThat(json(changed).at("/detail/0/msg").asText()).isEqualTo("Customer external ID cannot be updated.");
        assertThat(ignored.get("external_id").asText()).isEqualTo("org-9");
    }

    @Test
    void individual_becomesATeam_andStaysOne() {
        assertThat(json(send("PATCH", path, "{\"type\":\"team\"}")).get("type").asText()).isEqualTo("team");
        assertThat(send("PATCH", path, "{\"type\":\"individual\"}").statusCode()).isEqualTo(422);
    }

    @ParameterizedTest
    @CsvSource({"a/b, a%2Fb", "a+b, a+b", "a+b, a%2Bb", "ä ö, %C3%A4%20%C3%B6", "export, export", "50%, 50%25"})
    void externalId_mayHaveAnyCharacters(String externalId, String encoded) {
        String made = polar.customers().create(externalId).toString();

        for (String below : List.of("", "/state")) {
            HttpResponse<String> answer = get("/customers/external/" + encoded + below);
            assertThat(answer.statusCode()).as(encoded + below).isEqualTo(200);
            assertThat(json(answer).get("id").asText()).isEqualTo(made);
        }
        assertThat(get("/customers/external/" + encoded + "x").statusCode()).isEqualTo(404);
    }

    @Test
    void state_isThatOfTheLastWebhook() {
        polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        JsonNode told = data(polar.takeEvents(), "customer.state_changed");

        assertThat(json(get(path + "/state"))).isEqualTo(told).isEqualTo(json(get("/customers/external/org-1/state")));
        assertThat(told.get("active_subscriptions")).hasSize(1);
        assertThat(get("/customers/" + UUID.randomUUID() + "/state").statusCode()).isEqualTo(404);
    }

    @Test
    void payment_leavesACard() {
        assertThat(json(get(path + "/payment-methods")).at("/pagination/total_count").asInt()).isZero();
        polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());

        JsonNode methods = json(get("/customers/external/org-1/payment-methods?page=1&limit=10"));

        assertThat(methods.at("/pagination/total_count").asInt()).isEqualTo(1);
        assertThat(names(methods.at("/items/0"))).containsExactlyInAnyOrder(
                "id", "created_at", "modified_at", "processor", "customer_id", "type", "method_metadata", "is_default");
        assertThat(methods.at("/items/0/id")).isEqualTo(json(get(path)).get("default_payment_method_id"));
    }

    @Test
    void export_isCsv_withQuotes() {
        send("PATCH", path, "{\"name\":\"Kim \\\"K\\\", Sr.\",\"metadata\":{\"a\":1}}");

        HttpResponse<String> answer = get("/customers/export");

        assertThat(answer.headers().firstValue("content-type")).hasValue("text/csv; charset=utf-8");
        List<String> lines = answer.body().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).startsWith("ID,External ID,Created At,Email,Name,Tax ID,");
        assertThat(lines.getLast()).startsWith(customer + ",org-1,2026-11-03T08:00:00")
                .contains(",\"Kim \"\"K\"\", Sr.\",").endsWith(",\"{\"\"a\"\":1}\"");
    }

    @Test
    void deletedCustomer_isGone_andItsExternalIdFree() {
        String email = json(get(path)).get("email").asText();
        send("PATCH", path, "{\"metadata\":{\"a\":1}}");
        polar.takeEvents();

        assertThat(send("DELETE", "/customers/external/org-1", "").statusCode()).isEqualTo(204);

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly("member.deleted", "customer.deleted", "customer.state_changed");
        JsonNode deleted = data(events, "customer.deleted");
        assertThat(deleted.get("external_id").asText()).isEqualTo("org-1");
        assertThat(deleted.get("metadata").toString()).isEqualTo("{\"__external_id\":\"org-1\",\"a\":1}");
        assertThat(deleted.get("email").asText()).isEqualTo(email);
        assertThat(send("DELETE", path, "").statusCode()).isEqualTo(404);
        assertThat(get(path).statusCode()).isEqualTo(404);
        assertThat(send("POST", "/customers/", "{\"email\":\"" + email + "\",\"external_id\":\"org-1\"}").statusCode())
                .isEqualTo(201);
    }

    @Test
    void anonymizedCustomer_namesNobody() {
        String email = json(get(path)).get("email").asText();

        assertThat(send("DELETE", path + "?anonymize=true", "").statusCode()).isEqualTo(204);

        JsonNode deleted = data(polar.takeEvents(), "customer.deleted");
        assertThat(deleted.get("email").asText()).endsWith("@anonymized.invalid");
        assertThat(deleted.get("billing_address").isNull()).isTrue();
        assertThat(deleted.get("external_id").asText()).isEqualTo("org-1");
        assertThat(deleted.toString()).doesNotContain(email).doesNotContain("Sam Sample");
        assertThat(send("DELETE", path + "?anonymize=perhaps", "").statusCode()).isEqualTo(422);
    }
}
