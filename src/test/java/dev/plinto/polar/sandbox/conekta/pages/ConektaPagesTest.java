package dev.plinto.polar.sandbox.conekta.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.sandbox.conekta.rest.ConektaApi;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

/// A buyer on the pages of the sandbox's Conekta, and a merchant that looks at its API.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ConektaPagesTest {

    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPResource("/sandbox/conekta/api")
    String api;

    @Test
    void cardPays_andTheBuyerGoesBackToTheMerchant() {
        JsonNode order = order("\"allowed_payment_methods\": [\"card\"], \"success_url\": \"https://app.example/ok\"");
        String page = order.path("checkout").path("url").asText();
        assertThat(get(page, 200)).contains("MX$1,380.00", "4242 4242 4242 4242", "Simulated Conekta: no money moves")
                .doesNotContain("OXXO");

        assertThat(post(page, "card-declined", 422)).contains("Your bank has declined the payment");
        assertThat(status(order)).isEqualTo("declined");
        post(page, "card-pays", 303);

        assertThat(status(order)).isEqualTo("paid");
        assertThat(send(HttpRequest.newBuilder(URI.create(page))).headers().firstValue("location"))
                .contains("https://app.example/ok");
        assertThat(post(page, "card-pays", 303)).as("who is back on the page is sent on").isEmpty();
    }

    @Test
    void oxxo_isPaidAtTheCounter_later() {
        JsonNode order = order("\"name\": \"Pro\"");
        String page = order.path("checkout").path("url").asText();

        post(page, "cash", 303);
        assertThat(status(order)).isEqualTo("pending_payment");
        String reference = call("/orders/" + order.path("id").asText(), null).path("charges").path("data").path(0)
                .path("payment_method").path("reference").asText();
        assertThat(get(page, 200)).contains(reference, "Pay at the counter");

        post(page, "pay-reference", 303);
        assertThat(status(order)).isEqualTo("paid");
        assertThat(get(page, 200)).contains("It is paid");
    }

    @Test
    void spei_expires() {
        JsonNode order = order("\"allowed_payment_methods\": [\"bank_transfer\"]");
        String page = order.path("checkout").path("url").asText();
        post(page, "bank_transfer", 303);
        assertThat(get(page, 200)).contains("CLABE");

        post(page, "expire", 303);

        assertThat(status(order)).isEqualTo("expired");
        assertThat(get(page, 410)).contains("This checkout is over");
    }

    @Test
    void portal_pausesResumesAndCancels() {
        String plan = call("/plans", """
                {"name": "Pro", "amount": 138000, "interval": "month", "frequency": 1}""").path("id").asText();
        JsonNode order = order("\"plan_ids\": [\"" + plan + "\"]");
        post(order.path("checkout").path("url").asText(), "card-pays", 303);
        String customer = call("/orders/" + order.path("id").asText(), null).path("customer_info")
                .path("customer_id").asText();
        String subscription = call("/customers/" + customer + "/subscription", null).path("id").asText();
        String portal = call("/subscriptions/" + subscription + "/customer_portal", "").path("portal_url").asText();
        assertThat(get(portal, 200)).contains("ana@example.mx", "active", "Pause");

        post(portal, "pause", 303);
        assertThat(get(portal, 200)).contains("paused", "Resume");
        post(portal, "resume", 303);
        post(portal, "cancel", 303);
        assertThat(get(portal, 200)).contains("canceled").doesNotContain("<button");
        assertThat(post(portal, "cancel", 422)).contains("The subscription is canceled.");
    }

    @Test
    void pageThatIsNotThere_is404() {
        String pages = api.replaceFirst("/api$", "");
        assertThat(get(pages + "/checkout/none", 404)).contains("There is no such checkout");
        assertThat(post(pages + "/checkout/none", "card-pays", 404)).contains("There is no such checkout");
        assertThat(get(pages + "/portal/none", 404)).contains("There is no such portal");
    }

    private JsonNode order(String checkout) {
        return call("/orders", """
                {"currency": "MXN", "customer_info": {"name": "Ana", "email": "ana@example.mx", "phone": "+52155"},
                 "line_items": [{"name": "Pro", "unit_price": 138000, "quantity": 1}],
                 "checkout": {"type": "HostedPayment", %s}}""".formatted(checkout));
    }

    private String status(JsonNode order) {
        return call("/orders/" + order.path("id").asText(), null).path("payment_status").asText();
    }

    /// Of the API; `body` is null for a GET.
    private JsonNode call(String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api + path))
                .header("accept", "application/vnd.conekta-v2.3.0+json")
                .header("authorization", "Bearer " + ConektaApi.PRIVATE_KEY);
        HttpResponse<String> answer = send(
                body == null ? request : request.POST(BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String get(String page, int status) {
        return body(send(HttpRequest.newBuilder(URI.create(page))), status);
    }

    private static String post(String page, String act, int status) {
        return body(send(HttpRequest.newBuilder(URI.create(page))
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("act=" + act))), status);
    }

    private static String body(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer.body();
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        return HTTP.sendAsync(request.build(), BodyHandlers.ofString()).join();
    }
}
