package dev.plinto.polar.sandbox.polar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Sessions at Polar's portal, through its API.
class CustomerSessionsOverHttpTest extends PolarApiClient {

    @Test
    void session_letsTheCustomerIn_forAnHour() throws InterruptedException {
        polar.servePagesAt("http://127.0.0.1:8080/sandbox/polar");
        polar.takeEvents();

        HttpResponse<String> answer = create("\"external_customer_id\":\"org-1\","
                + "\"return_url\":\"https://app.example/billing\"");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        JsonNode session = json(answer);
        assertThat(names(session)).containsExactlyInAnyOrder("id", "token", "expires_at", "return_url",
                "customer_portal_url", "customer_id", "customer", "created_at", "modified_at");
        String token = session.get("token").asText();
        assertThat(token).startsWith("polar_mst_");
        assertThat(session.get("customer_portal_url").asText())
                .isEqualTo("http://127.0.0.1:8080/sandbox/polar/portal?customer_session_token=" + token);
        assertThat(session.get("customer")).isEqualTo(json(get("/customers/" + customer)));
        assertThat(polar.takeEvents()).isEmpty();
        assertThat(polar.customerSessions().resolve(token)).hasValueSatisfying(visitor -> {
            assertThat(visitor.customer()).isEqualTo(customer);
            assertThat(visitor.returnUrl()).isEqualTo("https://app.example/billing");
        });
        assertThat(polar.customerSessions().resolve("polar_mst_other")).isEmpty();

        clock.advance(Duration.ofHours(1).plusSeconds(1));

        assertThat(polar.customerSessions().resolve(token)).isEmpty();
    }

    @Test
    void portalOfPolar_hasTheMerchantInItsAddress() {
        assertThat(json(create("\"customer_id\":\"" + customer + "\"")).get("customer_portal_url").asText())
                .startsWith("https://sandbox.polar.sh/plinto-sandbox/portal?customer_session_token=polar_mst_");
    }

    @Test
    void team_needsTheMember() {
        UUID team = UUID.fromString(json(send("POST", "/customers/",
                "{\"type\":\"team\",\"email\":\"crew@example.org\",\"external_id\":\"org-t\"}")).get("id").asText());
        String member = json(send("POST", "/customers/" + team + "/members",
                "{\"email\":\"kim@example.org\",\"external_id\":\"usr-1\"}")).get("id").asText();

        HttpResponse<String> without = create("\"customer_id\":\"" + team + "\"");
        JsonNode of = json(create("\"customer_id\":\"" + team + "\",\"external_member_id\":\"usr-1\""));
        HttpResponse<String> stranger = create("\"customer_id\":\"" + customer + "\",\"member_id\":\"" + member + "\"");

        assertThat(without.statusCode()).isEqualTo(422);
        assertThat(json(without).at("/detail/0/loc/1").asText()).isEqualTo("member_id");
        assertThat(polar.customerSessions().resolve(of.get("token").asText()).orElseThrow().member())
                .hasToString(member);
        assertThat(stranger.statusCode()).isEqualTo(422);
    }

    @Test
    void deletedCustomer_isNotLetIn() {
        String token = json(create("\"customer_id\":\"" + customer + "\"")).get("token").asText();
        polar.customers().delete(customer);

        assertThat(polar.customerSessions().resolve(token)).isEmpty();
        assertThat(create("\"customer_id\":\"" + customer + "\"").statusCode()).isEqualTo(422);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "\"return_url\":null | customer_id",
            "\"customer_id\":\"00000000-0000-4000-8000-000000000000\" | customer_id",
            "\"customer_id\":\"x\" | customer_id",
            "\"external_customer_id\":\"org-nobody\" | external_customer_id",
            "\"external_customer_id\":\"org-1\",\"external_member_id\":\"usr-x\" | external_member_id",
            "\"external_customer_id\":\"org-1\",\"return_url\":\"/billing\" | return_url"
    })
    void invalidField_isNamed(String fields, String field) {
        HttpResponse<String> answer = create(fields);

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(json(answer).at("/detail/0/loc").toString()).isEqualTo("[\"body\",\"" + field + "\"]");
    }

    private HttpResponse<String> create(String fields) {
        return send("POST", "/customer-sessions/", "{" + fields + "}");
    }
}
