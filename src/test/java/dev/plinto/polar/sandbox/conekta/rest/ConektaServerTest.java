package dev.plinto.polar.sandbox.conekta.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.conekta.ConektaEvent;
import dev.plinto.polar.sandbox.provider.ApiFault;
import dev.plinto.polar.sandbox.provider.Faults;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Conekta's REST API, by the paths and forms that its official clients use.
class ConektaServerTest extends ConektaApiClient {

    @ParameterizedTest
    @ValueSource(strings = {"2.1.0", "2.2.0", "2.3.0"})
    void version_isChosenByTheMediaType(String version) {
        HttpResponse<String> answer = send(request("/customers")
                .setHeader("accept", "application/vnd.conekta-v" + version + "+json"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("conekta-media-type"))
                .contains("conekta-v" + version + "; format=application/json");
    }

    @Test
    void callWithoutVersionOrKey_isRefused() {
        assertError(read(422, send(request("/customers").setHeader("accept", "application/json"))),
                "parameter_validation_error");
        assertError(read(401, send(request("/customers").setHeader("authorization", "Bearer key_other"))),
                "authentication_error");
        assertError(read(401, send(HttpRequest.newBuilder(request("/customers").build().uri())
                .header("accept", "application/vnd.conekta-v2.3.0+json"))), "authentication_error");
    }

    @Test
    void orderWithACheckout_hasAPage_andIsPaidThere() {
        String customer = customer();
        JsonNode order = order(customer, """
                "plan_ids": ["%s"], "success_url": "https://app.example/ok", "redirection_time": 5"""
                .formatted(plan()));
        assertThat(order.path("object").asText()).isEqualTo("order");
        assertThat(order.path("amount").asLong()).isEqualTo(138_000);
        assertThat(order.path("livemode").asBoolean()).isFalse();
        assertThat(order.has("payment_status")).isFalse();
        assertThat(order.path("metadata").path("organization_id").asText()).isEqualTo("org-1");
        JsonNode checkout = order.path("checkout");
        assertThat(checkout.path("status").asText()).isEqualTo("Issued");
        assertThat(checkout.path("url").asText()).endsWith("/checkout/" + checkout.path("slug").asText());
        assertThat(checkout.path("redirection_time").asInt()).isEqualTo(5);
        assertThat(checkout.path("allowed_payment_methods")).extracting(JsonNode::asText).containsExactly("card");

        String id = order.path("id").asText();
        conekta.exclusively(() -> conekta.payments().payByCard(id));

        JsonNode paid = get(200, "/orders/" + id);
        assertThat(paid.path("payment_status").asText()).isEqualTo("paid");
        assertThat(paid.path("charges").path("data").path(0).path("status").asText()).isEqualTo("paid");
        assertThat(get(200, "/customers/" + customer).path("subscription").path("status").asText())
                .isEqualTo("active");
        assertThat(post(200, "/orders/" + id + "/refunds", "{'amount': 1000, 'reason': 'requested_by_client'}")
                .path("amount_refunded").asLong()).isEqualTo(1_000);
        assertError(post(428, "/orders/" + id + "/cancel"), "precondition_required_error");
    }

    @Test
    void openOrder_isCanceled_withoutABody() {
        String id = order(customer(), "\"allowed_payment_methods\": [\"cash\"]").path("id").asText();

        JsonNode canceled = post(200, "/orders/" + id + "/cancel");

        assertThat(canceled.path("payment_status").asText()).isEqualTo("canceled");
        assertThat(types()).containsExactly("order.canceled");
    }

    @Test
    void buyerWithoutACustomer_isNamedInTheOrder() {
        JsonNode order = post(200, "/orders", """
                {"currency": "MXN", "customer_info": {"name": "Ana", "email": "ana@example.mx", "phone": "+52155"},
                 "line_items": [{"name": "Pro", "unit_price": 100, "quantity": 2}],
                 "checkout": {"type": "HostedPayment"}}""");

        assertThat(order.path("amount").asLong()).isEqualTo(200);
        assertThat(order.path("customer_info").path("email").asText()).isEqualTo("ana@example.mx");
        assertThat(order.path("customer_info").has("customer_id")).isFalse();
        assertThat(order.path("checkout").path("allowed_payment_methods")).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /customers | {'name': 'Ana', 'email': 'a@example.mx'} | phone
            /plans | {'name': 'Pro', 'amount': 1, 'interval': 'day', 'frequency': 1} | interval
            /plans | {'name': 'Pro', 'amount': 1, 'interval': 'month', 'frequency': 1, 'max_retries': 2} | max_retries
            /plans | {'name': 'Pro', 'amount': '1', 'interval': 'month', 'frequency': 1} | amount
            /orders | {'currency': 'MXN'} | customer_info
            /orders | {'currency': 'MXN', 'customer_info': {'name': 'Ana'}, 'checkout': {}} | customer_info.email
            /orders | {'charges': [{}]} | charges
            /webhooks | {} | url
            """)
    void wrongField_isNamed(String path, String body, String param) {
        JsonNode error = post(422, path, body);

        assertError(error, "parameter_validation_error");
        assertThat(error.path("details").path(0).path("param").asText()).isEqualTo(param);
    }

    @Test
    void whatIsNotThere_is404() {
        for (String path : List.of("/orders/ord_2none", "/customers/none", "/plans/none", "/nothing",
                "/subscriptions/none/customer_portal", "/customers/none/subscriptions", "/events/none")) {
            assertError(get(404, path), "resource_not_found_error");
        }
    }

    @Test
    void subscription_isMade_paused_resumed_canceled() {
        String customer = customer();
        String plan = plan();
        String path = "/customers/" + customer + "/subscriptions";
        JsonNode made = post(200, path, "{'plan_id': '" + plan + "'}");
        String id = made.path("id").asText();
        assertThat(made.path("status").asText()).isEqualTo("active");
        assertThat(made.path("plan_id").asText()).isEqualTo(plan);

        assertThat(post(200, path + "/" + id + "/pause").path("paused_at").asLong())
                .isEqualTo(START.getEpochSecond());
        assertThat(post(200, path + "/" + id + "/resume").path("status").asText()).isEqualTo("active");
        JsonNode canceled = post(200, path + "/" + id + "/cancel");
        assertThat(canceled.path("status").asText()).isEqualTo("canceled");
        assertThat(canceled.path("billing_cycle_end")).isEqualTo(made.path("billing_cycle_end"));
        assertError(post(428, path + "/" + id + "/cancel"), "precondition_required_error");
        assertThat(types()).containsExactly("subscription.created", "charge.created", "charge.paid", "order.paid",
                "subscription.paid", "subscription.paused", "subscription.resumed", "subscription.canceled");
        assertThat(get(200, path + "/" + id + "/events").path("data")).hasSize(5);
        post(404, "/customers/" + customer() + "/subscriptions/" + id + "/cancel");
    }

    @Test
    void olderPath_isTheNewestSubscription() {
        String path = "/customers/" + customer() + "/subscription";
        get(404, path);
        plan();
        post(200, path, "{'plan_id': 'pro'}");
        String newest = post(200, path, "{'plan_id': 'pro'}").path("id").asText();

        assertThat(get(200, path).path("id").asText()).isEqualTo(newest);
        assertThat(post(200, path + "/cancel").path("id").asText()).isEqualTo(newest);
        assertThat(ids(get(200, path + "s"))).hasSize(2).startsWith(newest);
    }

    @Test
    void duePayment_isRetried() {
        String path = "/customers/" + customer() + "/subscriptions";
        plan();
        String id = post(200, path, "{'plan_id': 'pro'}").path("id").asText();
        conekta.exclusively(() -> conekta.subscriptions().failToRenew(id));
        assertThat(post(200, path + "/" + id + "/retry").path("status").asText()).isEqualTo("past_due");

        String card = send(200, "PUT", path.replace("/subscriptions", ""),
                "{'payment_sources': [{'type': 'card', 'token_id': 'tok_test_visa_4242'}]}")
                .path("payment_sources").path("data").path(1).path("id").asText();
        send(200, "PUT", path + "/" + id, "{'card_id': '" + card + "'}");
        assertThat(post(200, path + "/" + id + "/retry").path("status").asText()).isEqualTo("active");
    }

    @Test
    void portal_isMadeOnce_andAnsweredWith201() {
        plan();
        String id = post(200, "/customers/" + customer() + "/subscriptions", "{'plan_id': 'pro'}")
                .path("id").asText();
        String path = "/subscriptions/" + id + "/customer_portal";
        get(404, path);

        JsonNode made = post(201, path);

        assertThat(made.path("portal_url").asText()).endsWith("/portal/" + made.path("slug").asText());
        assertThat(post(201, path)).isEqualTo(made);
        assertThat(get(200, path)).isEqualTo(made);
    }

    @Test
    void list_goesOnAtItsNextPage_newestFirst() {
        String first = customer();
        String second = customer();
        String third = customer();

        JsonNode page = get(200, "/customers?limit=2");
        assertThat(page.path("object").asText()).isEqualTo("list");
        assertThat(page.path("has_more").asBoolean()).isTrue();
        assertThat(ids(page)).containsExactly(third, second);
        JsonNode last = get(200, page.path("next_page_url").asText());
        assertThat(ids(last)).containsExactly(first);
        assertThat(last.path("has_more").asBoolean()).isFalse();
        assertThat(last.has("next_page_url")).isFalse();
        assertThat(ids(get(200, last.path("previous_page_url").asText()))).containsExactly(third, second);
        assertThat(ids(get(200, "/customers?search=" + second))).containsExactly(second);
        get(422, "/customers?limit=251");
        get(422, "/customers?sort=name");
    }

    @Test
    void webhooksAndKeys_areMade_changedAndDeleted() {
        JsonNode webhook = post(200, "/webhooks",
                "{'url': 'http://127.0.0.1:9/none', 'subscribed_events': ['order.paid']}");
        String path = "/webhooks/" + webhook.path("id").asText();
        assertThat(webhook.path("subscribed_events").path(0).asText()).isEqualTo("order.paid");
        assertThat(send(200, "PUT", path, "{'active': false}").path("active").asBoolean()).isFalse();
        post(200, path + "/test");
        assertThat(types()).containsExactly("webhook_ping");
        read(200, send(request(path).DELETE()));
        get(404, path);

        JsonNode key = post(200, "/webhook_keys", "{'active': true}");
        assertThat(key.path("public_key").asText()).startsWith("-----BEGIN PUBLIC KEY-----\n");
        String keyPath = "/webhook_keys/" + key.path("id").asText();
        assertThat(send(200, "PUT", keyPath, "{'active': false}").path("deactivated_at").asLong())
                .isEqualTo(START.getEpochSecond());
        assertThat(ids(get(200, "/webhook_keys"))).containsExactly(key.path("id").asText());
        read(200, send(request(keyPath).DELETE()));
        assertThat(ids(get(200, "/webhook_keys"))).isEmpty();
    }

    @Test
    void event_isReadAndSentAgain() {
        String webhook = post(200, "/webhooks", "{'url': 'http://127.0.0.1:9/none'}").path("id").asText();
        post(200, "/orders/" + order(customer(), "\"name\": \"Pro\"").path("id").asText() + "/cancel");
        String event = ids(get(200, "/events")).getFirst();

        JsonNode sent = get(200, "/events/" + event);
        assertThat(sent.path("type").asText()).isEqualTo("order.canceled");
        JsonNode again = post(200, "/events/" + event + "/resend", "{'webhooks_ids': ['" + webhook + "']}");
        assertThat(again.path("url").asText()).isEqualTo("http://127.0.0.1:9/none");
        assertThat(again.path("id").asText()).isNotEqualTo(sent.path("webhook_logs").path(0).path("id").asText());
    }

    @Test
    void whatIsDue_happensBeforeAnAnswer() throws Exception {
        String id = order(customer(), "\"expires_at\": " + START.plusSeconds(600).getEpochSecond())
                .path("id").asText();
        clock.advance(Duration.ofHours(1));

        assertThat(get(200, "/orders/" + id).path("payment_status").asText()).isEqualTo("expired");
        assertThat(types()).containsExactly("order.expired");
    }

    @Test
    void faults_areInjected() {
        server.faults().next("/plans", 1, new ApiFault.Broken(503));
        assertThat(send(request("/plans")).statusCode()).isEqualTo(503);
        server.faults().next("/plans", 1, new ApiFault.Unauthorized());
        assertError(get(401, "/plans"), "authentication_error");
        server.faults().next("/plans", 1, new ApiFault.TooManyRequests(Duration.ofSeconds(7)));
        assertThat(send(request("/plans")).headers().firstValue("retry-after")).contains("7");
        // More than once, since the client may try again on another connection.
        server.faults().next("/customers", Faults.ALWAYS, new ApiFault.Cut());
        assertThatThrownBy(this::customer).hasCauseInstanceOf(IOException.class);
        server.faults().clear();
        assertThat(get(200, "/customers").path("data")).as("it was carried out").isNotEmpty();
        assertThat(server.requests()).contains("POST /customers").endsWith("GET /customers");
    }

    private List<String> types() {
        return conekta.exclusively(() -> conekta.takeEvents().stream().map(ConektaEvent::type).toList());
    }

    private static void assertError(JsonNode error, String type) {
        assertThat(error.path("object").asText()).isEqualTo("error");
        assertThat(error.path("type").asText()).isEqualTo(type);
        assertThat(error.path("log_id").asText()).isNotEmpty();
        assertThat(error.path("details").path(0).path("code").asText()).isNotEmpty();
        assertThat(error.path("details").path(0).path("message").asText()).isNotEmpty();
        assertThat(error.path("details").path(0).path("debug_message").asText()).isNotEmpty();
    }
}
