package dev.plinto.polar.sandbox.polar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.polar.TestCard;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;

/// A merchant who sells by checkouts, and the browser of a buyer.
abstract class CheckoutClient extends PolarApiClient {

    static final String NEW_BUYER = "\"customer_email\":\"kim@example.org\",\"customer_name\":\"Kim\","
            + "\"customer_billing_address\":{\"country\":\"ES\",\"city\":\"Vigo\"}";
    static final String[] CONFIRMED_BY_NEW_BUYER = {
            "checkout.updated", "member.created", "customer.created", "customer.state_changed"};
    static final String[] PAID = {
            "subscription.created", "subscription.active", "subscription.updated", "order.created", "order.updated",
            "order.paid", "checkout.updated", "order.updated", "benefit_grant.created", "benefit_grant.created",
            "customer.state_changed"};

    final UUID pro = polar.catalogue().pro();
    final UUID team = polar.catalogue().team();

    @BeforeEach
    void forgetThePast() {
        polar.takeEvents();
    }

    JsonNode create(String fields) {
        HttpResponse<String> answer = send("POST", "/checkouts/", "{" + fields + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return json(answer);
    }

    JsonNode read(JsonNode checkout) {
        return json(clientSend("GET", checkout, "", ""));
    }

    HttpResponse<String> confirm(JsonNode checkout, TestCard card, String fields) {
        return confirm(checkout, "\"confirmation_token_id\":\"" + card.token() + "\"," + fields);
    }

    HttpResponse<String> confirm(JsonNode checkout, String fields) {
        return clientSend("POST", checkout, "/confirm", "{" + fields + "}");
    }

    /// As the buyer's browser does, without a token.
    HttpResponse<String> clientSend(String method, JsonNode checkout, String path, String body) {
        return send(HttpRequest.newBuilder(URI.create(server.apiUrl() + "/checkouts/client/"
                + checkout.get("client_secret").asText() + path)).method(method, BodyPublishers.ofString(body)));
    }

    static void assertRefused(HttpResponse<String> answer, String loc) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(json(answer).at("/detail/0/loc").toString()).isEqualTo(loc);
    }
}
