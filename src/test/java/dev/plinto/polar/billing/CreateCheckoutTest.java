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
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A checkout from the request to what it unlocks, at the simulated Polar over real HTTP, broker and database.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SellingStack.class)
class CreateCheckoutTest {

    private static final String CREATE = "POST /api/v1/polar/checkout";
    private static final String[] AT_POLAR = {"authorization", "Bearer polar_oat_sandbox"};

    @TestHTTPResource("/")
    URI service;

    private SellingClient selling;
    private String product;

    @BeforeEach
    void know() {
        selling = new SellingClient(service);
        product = selling.product();
    }

    @AfterEach
    void mend() {
        selling.endFaults();
    }

    @Test
    void checkoutThatIsPaid_unlocksTheProduct() {
        JsonNode checkout = created(create("{\"product_id\":\"%s\"}", selling.owner()));

        assertThat(checkout.path("organization_id").asText()).isEqualTo(selling.organization);
        assertThat(checkout.path("provider").asText()).isEqualTo("polar");
        assertThat(checkout.path("checkout_url").asText()).startsWith("http");
        assertThat(read(checkout).path("status").asText()).isEqualTo("open");
        assertThat(read(checkout).path("activation").asText()).isEqualTo("pending");
        assertThat(read(checkout).path("subscription_id").isNull()).isTrue();

        selling.pay(checkout);

        JsonNode paid = await().atMost(SellingClient.PATIENCE).until(() -> read(checkout),
                now -> now.path("activation").asText().equals("activated"));
        assertThat(paid.path("status").asText()).isEqualTo("succeeded");
        assertThat(paid.path("order_id").isNull()).isFalse();
        assertThat(entitlements().path("entitlements")).isNotEmpty();
        assertThat(entitlements().at("/entitlements/0/grants/0/subscription_id")).isEqualTo(
                paid.path("subscription_id"));
        HttpResponse<String> second = sending(body(), selling.owner(), "another");
        assertProblem(second, 409, "already-subscribed", "subscription_id", "product_id");
        assertThat(json(second).path("subscription_id")).isEqualTo(paid.path("subscription_id"));
    }

    /// What it buys would be deleted at Polar with the rest.
    @Test
    void organizationThatIsBeingErased_buysNothing() {
        String erasure = UUID.randomUUID().toString();
        selling.database.execute("""
                INSERT INTO erasures (id, organization, customers, shared_customers, keep_at_provider, due_at)
                VALUES (?::uuid, ?, '{}', '{}', true, 'infinity')
                """, erasure, selling.organization);

        assertProblem(create("{\"product_id\":\"%s\"}", selling.owner()), 409, "erasure-in-progress");

        selling.database.execute("UPDATE erasures SET completed_at = now() WHERE id = ?::uuid", erasure);
        created(sending(body(), selling.owner(), "afterwards"));
    }

    @Test
    void organization_getsACustomerOfItsOwn_onceForAll() {
        List<CompletableFuture<HttpResponse<String>>> both = IntStream.range(0, 2)
                .mapToObj(n -> CompletableFuture.supplyAsync(() -> sending(body(), selling.owner(), "key-" + n)))
                .toList();
        for (CompletableFuture<HttpResponse<String>> one : both) {
            created(one.join());
        }

        List<JsonNode> own = selling.polar("/customers/?limit=100").path("items").valueStream()
                .filter(customer -> customer.path("external_id").asText().equals(selling.organization)).toList();
        assertThat(own).hasSize(1);
        assertThat(own.getFirst().path("type").asText()).isEqualTo("team");
        assertThat(own.getFirst().path("email").isNull()).isTrue();
        assertThat(selling.checkoutsAtPolar()).hasSize(2);
    }

    /// Its id would come before that of the customer at Polar.
    @Test
    void customerAtConekta_isNotTakenForOneAtPolar() {
        String atConekta = "conekta:cus_" + selling.organization;
        selling.database.execute("INSERT INTO customers (id, external_id) VALUES (?, ?)", atConekta,
                selling.organization);

        JsonNode checkout = created(create("{\"product_id\":\"%s\"}", selling.owner()));

        assertThat(selling.polar("/checkouts/" + checkout.path("checkout_id").asText()).path("customer_id").asText())
                .isNotEmpty().isNotEqualTo(atConekta);
    }

    @Test
    void sameKey_isTheSameCheckout_andAnotherBodyIsRefused() {
        HttpResponse<String> first = sending(body(), selling.owner(), "once");
        HttpResponse<String> again = sending(body(), selling.owner(), "once");

        assertThat(created(again)).isEqualTo(created(first));
        assertProblem(sending(body().replace("}", ",\"locale\":\"es\"}"), selling.owner(), "once"), 422,
                "idempotency-key-reused");
        assertThat(selling.checkoutsAtPolar()).hasSize(1);
    }

    @Test
    void doubleClick_isOneCheckout() {
        List<CompletableFuture<HttpResponse<String>>> clicks = IntStream.range(0, 2)
                .mapToObj(n -> CompletableFuture.supplyAsync(() -> create("{\"product_id\":\"%s\"}", selling.owner())))
                .toList();
        clicks.forEach(click -> assertThat(click.join().statusCode()).isIn(201, 409));

        assertThat(selling.checkoutsAtPolar()).hasSize(1);
    }

    @Test
    void answerThatIsLost_isFoundByTheNextTry() {
        created(sending(body(), selling.owner(), "customer exists"));
        selling.fault("cut", "/checkouts/");

        HttpResponse<String> lost = sending(body(), selling.owner(), "lost");
        assertProblem(lost, 503, "provider-unavailable");
        JsonNode found = created(sending(body(), selling.owner(), "lost"));

        assertThat(selling.checkoutsAtPolar()).hasSize(2).contains(found.path("checkout_id").asText());
        assertThat(selling.trail())
                .contains("unknown: the provider did not answer",
                        "checkout " + found.path("checkout_id").asText() + ", which an earlier attempt made")
                .doesNotContain("not done");
        assertThat(read(found).path("status").asText())
                .isEqualTo("open");
    }

    @Test
    void expiredCheckout_isNotHandedOutAgain() {
        created(sending(body(), selling.owner(), "old"));
        selling.database.execute("""
                UPDATE idempotent_requests SET answer = regexp_replace(answer, '"expires_at":"[^"]*"',
                  '"expires_at":"2020-01-01T00:00:00.000000Z"') WHERE organization = ?
                """, selling.organization);

        assertProblem(sending(body(), selling.owner(), "old"), 409, "checkout-expired");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"product_id":"none"}                                              | 422 | product-not-sold
            {"product_id":"%s","seats":0}                                      | 422 | body-invalid
            {"product_id":"%s","seats":2.5}                                    | 422 | body-invalid
            {"product_id":"%s","seats":1e9}                                    | 422 | body-invalid
            {"product_id":"%s","price":1}                                      | 422 | body-invalid
            {"product_id":"%s","country":"KP"}                                 | 422 | country-not-served
            {"product_id":"%s","success_url":"https://evil.example/"}          | 422 | url-not-allowed
            {"product_id":"%s","success_url":"//evil"}                         | 422 | url-not-allowed
            {"product_id":"%s","return_url":"javascript://127.0.0.1/%%0aalert"} | 422 | url-not-allowed
            {"product_id":"%s","discount_id":"d"}                              | 403 | service-only
            {"product_id":"%s","trial":{"interval":"year","count":1000}}       | 403 | service-only
            {"product_id":"%s","user_id":"somebody-else"}                      | 403 | service-only
            {"product_id":"%s"} x                                              | 400 | body-not-json
            """)
    void whatABuyerMayNotSend_isRefusedBeforePolarIsAsked(String body, int status, String problem) {
        HttpResponse<String> refused = create(body, selling.owner());

        assertProblem(refused, status, problem, switch (problem) {
            case "body-invalid" -> new String[] {"errors"};
            case "service-only" -> new String[] {"fields"};
            default -> new String[0];
        });
        assertThat(selling.polar("/customers/?limit=100").toString()).doesNotContain('"' + selling.organization);
    }

    @ParameterizedTest
    @ValueSource(strings = {"KP", "kp"})
    void addressInTheToken_whereNothingIsSold_isRefusedBeforePolarIsAsked(String country) {
        HttpResponse<String> refused = create(body(), livingIn(country));

        assertProblem(refused, 422, "country-not-served");
        assertThat(selling.polar("/customers/?limit=100").toString()).doesNotContain('"' + selling.organization);
        created(sending(body(), livingIn("Korea"), "no country's code"));
    }

    /// Also if request and token name another country.
    @Test
    void billingAddressAtPolar_whereNothingIsSold_isRefused_untilItIsAnother() {
        String customer = customerIn("KP");
        HttpResponse<String> refused = create("{\"product_id\":\"%s\",\"country\":\"DE\"}", livingIn("DE"));

        assertProblem(refused, 422, "country-not-served");
        assertThat(refused.body()).as("the same, whoever says it")
                .isEqualTo(create("{\"product_id\":\"%s\",\"country\":\"KP\"}", selling.owner()).body());
        assertThat(selling.checkoutsAtPolar()).isEmpty();

        move(customer, "DE");
        created(sending(body(), selling.owner(), "moved"));
    }

    @Test
    void others_areRefused() {
        assertProblem(create("{\"product_id\":\"%s\"}", selling.member()), 403, "role-not-allowed");
        assertProblem(create("{\"product_id\":\"%s\",\"organization_id\":\"another\"}", selling.owner()), 403,
                "organization-not-allowed");
        assertProblem(create("{\"product_id\":\"%s\"}", "Bearer " + selling.tokens.service("billing:write")), 422,
                "organization-missing");

        String checkout = created(create("{\"product_id\":\"%s\"}", selling.owner())).path("checkout_id").asText();
        assertProblem(reading(checkout, selling.stranger()), 404, "checkout-unknown");
        assertProblem(reading("none", selling.stranger()), 404, "checkout-unknown");
        assertProblem(reading("%00", selling.stranger()), 404, "checkout-unknown");
    }

    @Test
    void callThatIsNotMadeAsDocumented_isRefused() {
        assertProblem(selling.call(CREATE, List.of(), "", body()), 401, "token-not-accepted");
        assertProblem(selling.call(CREATE, List.of(), "?x=1", body(), "authorization", selling.owner()), 400,
                "parameter-invalid");
        assertProblem(sending(body(), selling.owner(), "a key\twith a tab"), 400, "idempotency-key-invalid");
        assertProblem(selling.call(CREATE, List.of(), "", body(), "authorization", selling.owner(), "accept",
                "image/png"), 406, "http-406");
    }

    @Test
    void whatPolarRefuses_isToldByField_andItsLimit() {
        String service = selling.service("billing:write");
        HttpResponse<String> refused = create("{\"product_id\":\"%s\",\"discount_id\":\"" + UUID.randomUUID()
                + "\"}", service);

        assertProblem(refused, 422, "provider-refused", "provider", "errors");
        assertThat(json(refused).at("/errors/0/field").asText()).isEqualTo("discount_id");

        selling.fault("too-many-requests", "/checkouts/&seconds=1");
        HttpResponse<String> limited = sending(body(), selling.owner(), "limited");
        assertProblem(limited, 429, "too-many-requests");
        assertThat(limited.headers().firstValue("retry-after")).hasValueSatisfying(
                seconds -> assertThat(Integer.parseInt(seconds)).isBetween(1, 2));
        await().atMost(SellingClient.PATIENCE)
                .until(() -> sending(body(), selling.owner(), "limited").statusCode() == 201);
    }

    /// Made by a link of Polar's, say, by somebody who is linked to no organization.
    @Test
    void checkoutOfNobodyKnown_isNobodys_untilItsCustomerIsLinked() {
        String customer = selling.polar("POST", "/customers/", "{\"email\":\"" + selling.organization
                + "@plinto.dev\"}").path("id").asText();
        String checkout = selling.polar("POST", "/checkouts/", "{\"products\":[\"" + product
                + "\"],\"customer_id\":\"" + customer + "\"}").path("id").asText();
        await().atMost(SellingClient.PATIENCE).until(() -> !selling.database.column(
                "SELECT id FROM checkouts WHERE id = ? AND status IS NOT NULL", checkout).isEmpty());

        assertProblem(reading(checkout, selling.owner()), 404, "checkout-unknown");
        assertProblem(reading(checkout, "Bearer " + selling.tokens.service("billing:read")), 404, "checkout-unknown");

        selling.polar("PATCH", "/customers/" + customer, "{\"external_id\":\"" + selling.organization + "\"}");
        await().atMost(SellingClient.PATIENCE).until(() -> reading(checkout, selling.owner()).statusCode() == 200);
        assertProblem(reading(checkout, selling.stranger()), 404, "checkout-unknown");
    }

    /// Nobody but an operator can mend it.
    @Test
    void pageThatPolarEmbedsNothingOn_isToldToAskAnOperator() {
        selling.fault("business", "embed-host-not-allowed", customerIn("DE"));
        String embedded = body().replace("}", ",\"embed_origin\":\"http://127.0.0.1\"}");

        HttpResponse<String> refused = sending(embedded, selling.owner(), "embedded");

        assertProblem(refused, 503, "provider-not-configured");
        assertThat(json(refused).path("detail").asText()).contains("embed hosts").doesNotContain("127.0.0.1");
        created(sending(embedded, selling.owner(), "embedded"));
    }

    @Test
    void keyOfAnotherCaller_isAnotherRequest() {
        JsonNode owners = created(sending(body(), selling.owner(), "shared"));
        JsonNode admins = created(sending(body(),
                selling.bearer("sub", "another", "org_id", selling.organization, "org_role", "admin"), "shared"));

        assertThat(admins.path("checkout_id")).isNotEqualTo(owners.path("checkout_id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"organization_id", "user_id", "plinto_request_id"})
    void ourMetadata_wins(String key) {
        JsonNode checkout = created(
                create("{\"product_id\":\"%s\",\"metadata\":{\"" + key + "\":\"theirs\"}}", selling.owner()));

        JsonNode metadata = selling.polar("/checkouts/" + checkout.path("checkout_id").asText()).path("metadata");
        assertThat(metadata.path(key).asText()).isNotEqualTo("theirs");
        assertThat(metadata.path("organization_id").asText()).isEqualTo(selling.organization);
    }

    @Test
    void action_isInTheTrail() {
        created(create("{\"product_id\":\"%s\"}", selling.owner()));

        assertThat(selling.trail()).contains("create_customer", "create_checkout", "product " + product);
    }

    private String livingIn(String country) {
        return selling.bearer("org_id", selling.organization, "org_role", "owner", "email", "owner@plinto.dev",
                "address", Map.of("country", country));
    }

    /// The organization's own customer, which Polar has, and whose address the service knows.
    private String customerIn(String country) {
        String id = json(selling.send("POST", "/sandbox/polar/v1/customers/", """
                {"type":"team","external_id":"%s","owner":{"email":"%1$s@plinto.dev"},
                 "billing_address":{"country":"%s"}}
                """.formatted(selling.organization, country), AT_POLAR), 201).path("id").asText();
        awaitCountry(id, country);
        return id;
    }

    private void move(String customer, String country) {
        json(selling.send("PATCH", "/sandbox/polar/v1/customers/" + customer,
                "{\"billing_address\":{\"country\":\"" + country + "\"}}", AT_POLAR), 200);
        awaitCountry(customer, country);
    }

    private void awaitCountry(String customer, String country) {
        await().atMost(SellingClient.PATIENCE).until(() -> selling.database.column(
                "SELECT country FROM customers WHERE id = ?", customer).equals(List.of(country)));
    }

    private String body() {
        return "{\"product_id\":\"%s\"}".formatted(product);
    }

    private HttpResponse<String> create(String body, String authorization) {
        return selling.call(CREATE, List.of(), "", body.formatted(product), "authorization", authorization);
    }

    private HttpResponse<String> sending(String body, String authorization, String key) {
        return selling.call(CREATE, List.of(), "", body, "authorization", authorization, "idempotency-key", key);
    }

    private static JsonNode created(HttpResponse<String> answer) {
        return json(answer, 201);
    }

    private JsonNode read(JsonNode checkout) {
        return json(reading(checkout.path("checkout_id").asText(), selling.owner()), 200);
    }

    private HttpResponse<String> reading(String checkout, String authorization) {
        return selling.call("GET /api/v1/polar/checkout/{checkout_id}", List.of(checkout), "", "", "authorization",
                authorization);
    }

    private JsonNode entitlements() {
        return json(selling.send("GET", "/api/v1/polar/entitlements?organization_id=" + selling.organization, "",
                "authorization", selling.owner()));
    }
}
