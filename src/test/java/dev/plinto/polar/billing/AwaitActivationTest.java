package dev.plinto.polar.billing;

import static dev.plinto.polar.billing.SellingClient.json;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.testing.MetricsDelta;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedDelivery;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who waits for a purchase is answered when it counts: at the simulated Polar over real HTTP, broker and database.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SellingStack.class)
class AwaitActivationTest {

    private static final String ACTIVATION = "GET /api/v1/polar/checkout/{checkout_id}/activation";

    @TestHTTPResource("/")
    URI service;

    private SellingClient selling;
    private JsonNode checkout;

    @BeforeEach
    void open() {
        selling = new SellingClient(service);
        checkout = create(selling.product());
    }

    private JsonNode create(String product) {
        return json(selling.call("POST /api/v1/polar/checkout", List.of(), "",
                "{\"product_id\":\"%s\"}".formatted(product), SellingClient.with(selling.owner())), 201);
    }

    @AfterEach
    void mend() {
        selling.endFaults();
    }

    @Test
    void buyer_isToldWhatIsKnown() {
        JsonNode open = json(activation("?wait=0"), 200);

        assertThat(open.path("state").asText()).isEqualTo("pending");
        assertThat(open.path("said").asText()).isEqualTo("Waiting for the payment.");
        assertThat(open.path("entitlements")).isEmpty();
        assertThat(open.path("entitlement_version").asLong()).isZero();
        assertThat(json(activation("?wait=1"), 200)).isEqualTo(open);
    }

    @Test
    void pollBeforeThePayment_isAnsweredAsSoonAsItCounts() {
        CompletableFuture<HttpResponse<String>> poll = polling("?wait=55");
        awaitPolls();
        Instant before = Instant.now();
        selling.pay(checkout);

        JsonNode activated = json(poll.join(), 200);

        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(5));
        assertThat(activated.path("state").asText()).isEqualTo("activated");
        assertThat(activated.path("action_needed").asBoolean()).isFalse();
        JsonNode set = json(selling.send("GET", "/api/v1/polar/entitlements?organization_id=" + selling.organization,
                "", "authorization", selling.owner()), 200);
        assertThat(activated.path("entitlements")).isNotEmpty().isEqualTo(set.path("entitlements"));
        assertThat(activated.path("entitlement_version")).isEqualTo(set.path("version"));
        assertThat(json(activation(""), 200)).isEqualTo(activated);
    }

    @ParameterizedTest
    @ValueSource(strings = {"failed", "expired"})
    void checkoutThatComesToNothing_isToldAtOnce(String status) {
        CompletableFuture<HttpResponse<String>> poll = polling("?wait=55");
        awaitPolls();
        ObjectNode told = (ObjectNode) selling.polar("/checkouts/" + checkout.path("checkout_id").asText());
        told.put("status", status);
        tell("checkout.updated", told);

        JsonNode answer = json(poll.orTimeout(20, TimeUnit.SECONDS).join(), 200);
        assertThat(answer.path("state").asText()).isEqualTo(status);
        assertThat(answer.path("said").asText()).contains("nothing was bought");
    }

    /// None of Polar's deliveries arrives, and Polar tries each again only later.
    @Test
    void purchaseWhoseWebhooksAreLost_isReadAtPolar_andIsNoRepair() {
        MetricsDelta metrics = MetricsDelta.whenIdle(service);
        selling.send("POST", "/sandbox/polar/faults/deliveries/drop?times=1000", "");
        CompletableFuture<HttpResponse<String>> poll = polling("?wait=55");
        selling.pay(checkout);

        JsonNode activated = json(poll.join(), 200);

        assertThat(activated.path("state").asText()).isEqualTo("activated");
        assertThat(activated.path("entitlements")).isNotEmpty();
        assertThat(selling.database.number("SELECT count(*) FROM activation_reads WHERE checkout_id = ?",
                checkout.path("checkout_id").asText())).isEqualTo(1);
        metrics.assertIncrease(1, "polar_provider_requests_total", "provider=polar", "operation=read_checkout",
                "status=2xx");
        for (String kind : List.of("checkout", "subscription", "grant")) {
            metrics.assertIncrease(0, "polar_reconcile_repairs_total", "kind=" + kind);
        }
    }

    /// It has an order, and no subscription.
    @Test
    void oneTimePurchaseWhoseWebhooksAreLost_isReadAtPolar() {
        JsonNode product = selling.polar("/products/?limit=100").path("items").valueStream()
                .filter(one -> !one.path("is_recurring").asBoolean() && one.path("visibility").asText().equals("public")
                        && !one.path("is_archived").asBoolean())
                .findFirst().orElseThrow();
        tell("product.updated", product);
        await().atMost(SellingClient.PATIENCE).until(() -> selling.database.number(
                "SELECT count(*) FROM products WHERE id = ? AND visibility = 'public' AND benefit_ids IS NOT NULL",
                product.path("id").asText()) == 1);
        checkout = create(product.path("id").asText());
        selling.send("POST", "/sandbox/polar/faults/deliveries/drop?times=1000", "");
        CompletableFuture<HttpResponse<String>> poll = polling("?wait=55");
        selling.pay(checkout);

        assertThat(json(poll.join(), 200).path("state").asText()).isEqualTo("activated");
        assertThat(json(selling.call("GET /api/v1/polar/checkout/{checkout_id}", ids(), "", "",
                SellingClient.with(selling.owner())), 200).path("subscription_id").isNull()).isTrue();
    }

    @Test
    void grantsThatAreLost_areReadAtPolar() {
        selling.send("POST", "/sandbox/polar/faults/deliveries/drop?times=1000&on=benefit_grant.", "");
        selling.send("POST", "/sandbox/polar/faults/deliveries/drop?times=1000&on=customer.state", "");
        CompletableFuture<HttpResponse<String>> poll = polling("?wait=55");
        selling.pay(checkout);

        assertThat(json(poll.join(), 200).path("state").asText()).isEqualTo("activated");
    }

    @Test
    void whilePolarFails_thePollGoesOn() {
        selling.send("POST", "/sandbox/polar/faults/deliveries/drop?times=1000", "");
        selling.send("POST", "/sandbox/polar/faults/api/broken?times=1000&on=/checkouts/" + ids().getFirst(), "");
        selling.pay(checkout);

        JsonNode pending = json(activation("?wait=9"), 200);

        assertThat(pending.path("state").asText()).isEqualTo("pending");
        assertThat(pending.path("said").asText()).isEqualTo("Waiting for the payment.");
    }

    @Test
    void others_areRefused() {
        assertProblem(selling.call(ACTIVATION, ids(), "?wait=0", "", SellingClient.with(selling.stranger())), 404,
                "checkout-unknown");
        assertProblem(selling.call(ACTIVATION, List.of("none"), "", "", SellingClient.with(selling.owner())), 404,
                "checkout-unknown");
        assertThat(json(selling.call(ACTIVATION, ids(), "?wait=0", "", SellingClient.with(selling.member())), 200)
                .path("state").asText()).isEqualTo("pending");
        assertThat(selling.call(ACTIVATION, ids(), "", "").statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?wait=56", "?wait=-1", "?wait=1.5", "?wait=x", "?wait=", "?wait=1&wait=2", "?waits=1"})
    void waitThatIsNone_isRefused(String query) {
        assertProblem(activation(query), 400, "parameter-invalid");
    }

    /// As a webhook of Polar's.
    /// By the clock of the simulated Polar, which other tests may have moved. Polar is at most a second ahead of it.
    private void tell(String type, JsonNode object) {
        Instant now = Instant.parse(json(selling.send("GET", "/sandbox/clock", ""), 200).path("time").asText());
        SignedDelivery.of(JsonNodeFactory.instance.objectNode().put("type", type)
                .put("timestamp", now.plusSeconds(1).toString()).set("data", object).toString())
                .send(service.resolve("/api/v1/polar/webhooks"));
    }

    private HttpResponse<String> activation(String query) {
        return selling.call(ACTIVATION, ids(), query, "", SellingClient.with(selling.owner()));
    }

    private CompletableFuture<HttpResponse<String>> polling(String query) {
        String[] owner = SellingClient.with(selling.owner());
        return CompletableFuture.supplyAsync(() -> selling.call(ACTIVATION, ids(), query, "", owner));
    }

    /// A moment later the poll waits.
    private void awaitPolls() {
        json(activation("?wait=1"), 200);
    }

    private List<String> ids() {
        return List.of(checkout.path("checkout_id").asText());
    }
}
