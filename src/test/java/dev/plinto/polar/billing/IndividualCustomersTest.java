package dev.plinto.polar.billing;

import static dev.plinto.polar.billing.SellingClient.json;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// With `POLAR_CUSTOMER_TYPE=individual`: Polar makes the organization's customer of the buyer. At the simulated Polar
/// over real HTTP, broker and database.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(IndividualCustomersTest.Individual.class)
class IndividualCustomersTest {

    public static final class Individual implements QuarkusTestProfile {

        @Override
        public List<TestResourceEntry> testResources() {
            return new SellingStack().testResources();
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("polar.customer-type", "individual");
        }
    }

    @TestHTTPResource("/")
    URI service;

    private SellingClient selling;
    private String buyer;

    @BeforeEach
    void know() {
        selling = new SellingClient(service);
        buyer = "buyer-of-" + selling.organization + "@plinto.dev";
    }

    @Test
    void buyer_isTheCustomer_andVisitsThePortal() {
        String product = selling.product();
        JsonNode checkout = json(buy(product), 201);
        assertThat(customers()).isEmpty();
        assertThat(selling.polar("/checkouts/" + checkout.path("checkout_id").asText()).path("external_customer_id")
                .asText()).isEqualTo(selling.organization);
        assertProblem(portal(), 404, "no-customer");

        json(pay(checkout), 200);

        await().atMost(SellingClient.PATIENCE).until(() -> json(selling.call(
                "GET /api/v1/polar/checkout/{checkout_id}", List.of(checkout.path("checkout_id").asText()), "", "",
                "authorization", selling.owner()), 200).path("activation").asText().equals("activated"));
        JsonNode customer = customers().getFirst();
        assertThat(customers()).hasSize(1);
        assertThat(customer.path("type").asText()).isEqualTo("individual");
        assertThat(customer.path("email").asText()).isEqualTo(buyer);
        assertThat(selling.send("GET", json(portal(), 200).path("portal_url").asText(), "").body()).contains(buyer);
        assertThat(selling.polar("/customers/" + customer.path("id").asText() + "/members").path("items")).hasSize(1);
        assertThat(selling.trail()).contains("create_checkout").doesNotContain("create_customer", "add_member");
        assertProblem(buy(product), 409, "already-subscribed", "subscription_id", "product_id");
    }

    /// The customer keeps the organization that it has.
    @Test
    void sameAddress_isOneCustomer_alsoForAnotherOrganization() {
        String product = selling.product();
        json(pay(json(buy(product), 201)), 200);
        SellingClient first = selling;
        selling = new SellingClient(service);
        JsonNode checkout = json(buy(product), 201);

        json(pay(checkout), 200);

        assertThat(customers()).isEmpty();
        await().atMost(SellingClient.PATIENCE).until(() -> selling.subscribed().size() == 1);
        assertProblem(portal(), 409, "customer-shared");
        assertThat(first.subscribed()).hasSize(1);
    }

    @Test
    void freeProduct_needsACheckout_untilThereIsACustomer() {
        String free = selling.freeProduct("free-" + selling.organization, "public");

        assertProblem(selling.call("POST /api/v1/polar/subscriptions", List.of(), "",
                "{\"product_id\":\"" + free + "\"}", "authorization", selling.owner()), 422, "checkout-needed");
    }

    private HttpResponse<String> buy(String product) {
        return selling.call("POST /api/v1/polar/checkout", List.of(), "", "{\"product_id\":\"" + product + "\"}",
                "authorization", selling.owner(), "idempotency-key", selling.organization + selling.subscribed());
    }

    private HttpResponse<String> pay(JsonNode checkout) {
        return selling.send("POST", "/sandbox/polar/v1/checkouts/client/" + checkout.path("client_secret").asText()
                + "/confirm", """
                        {"confirmation_token_id":"ctoken_sandbox_pays","customer_email":"%s",
                         "customer_name":"A Buyer","customer_billing_address":{"country":"DE"}}
                        """.formatted(buyer));
    }

    private HttpResponse<String> portal() {
        return selling.call("GET /api/v1/polar/customer/portal", List.of(), "?organization_id=" + selling.organization,
                "", "authorization", selling.owner());
    }

    private List<JsonNode> customers() {
        return selling.polar("/customers/?limit=100&sorting=-created_at").path("items").valueStream()
                .filter(customer -> customer.path("external_id").asText().equals(selling.organization)).toList();
    }
}
