package dev.plinto.polar.billing;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.OpenApi;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.PolarsLists;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final Database DATABASE = Database.ofSandbox();
    private static final OpenApi OPENAPI = new OpenApi();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String CREATE = "POST /api/v1/polar/checkout";

    @TestHTTPResource("/")
    URI service;

    private final String organization = "selling-" + UUID.randomUUID();
    private PlintoTokens tokens;
    private String product;

    @BeforeEach
    void know() throws Exception {
        tokens = new PlintoTokens(service);
        PolarsLists.areRead(DATABASE);
        JsonNode bought = JSON.readTree(send("POST", "/sandbox/polar/trigger/purchase?organization_id=other-"
                + organization, "").body());
        product = await().atMost(PATIENCE).until(() -> DATABASE.column("""
                SELECT product_id FROM subscriptions JOIN products p ON p.id = product_id
                WHERE subscriptions.id = ? AND visibility = 'public'
                """, bought.path("subscription_id").asText()), found -> !found.isEmpty()).getFirst();
    }

    @AfterEach
    void mend() throws Exception {
        send("DELETE", "/sandbox/polar/faults", "");
    }

    @Test
    void checkoutThatIsPaid_unlocksTheProduct() throws Exception {
        JsonNode checkout = created(create("{\"product_id\":\"%s\"}", owner()));

        assertThat(checkout.path("organization_id").asText()).isEqualTo(organization);
        assertThat(checkout.path("provider").asText()).isEqualTo("polar");
        assertThat(checkout.path("checkout_url").asText()).startsWith("http");
        String path = "/api/v1/polar/checkout/" + checkout.path("checkout_id").asText();
        assertThat(read(path).path("status").asText()).isEqualTo("open");
        assertThat(read(path).path("activation").asText()).isEqualTo("pending");
        assertThat(read(path).path("subscription_id").isNull()).isTrue();

        pay(checkout);

        JsonNode paid = await().atMost(PATIENCE).until(() -> read(path),
                now -> now.path("activation").asText().equals("activated"));
        assertThat(paid.path("status").asText()).isEqualTo("succeeded");
        assertThat(paid.path("order_id").isNull()).isFalse();
        assertThat(entitlements().path("entitlements")).isNotEmpty();
        assertThat(entitlements().at("/entitlements/0/grants/0/subscription_id")).isEqualTo(
                paid.path("subscription_id"));
        HttpResponse<String> second = sending(body(), owner(), "another");
        assertProblem(second, 409, "already-subscribed", "subscription_id", "product_id");
        assertThat(OPENAPI.faults(CREATE, second)).isEmpty();
        assertThat(JSON.readTree(second.body()).path("subscription_id")).isEqualTo(paid.path("subscription_id"));
    }

    @Test
    void organization_getsACustomerOfItsOwn_onceForAll() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> both = IntStream.range(0, 2)
                .mapToObj(n -> CompletableFuture.supplyAsync(() -> sending(body(), owner(), "key-" + n)))
                .toList();
        for (CompletableFuture<HttpResponse<String>> one : both) {
            created(one.join());
        }

        JsonNode customers = polar("/customers/?limit=100").path("items");
        List<JsonNode> own = new ArrayList<>();
        customers.forEach(customer -> {
            if (customer.path("external_id").asText().equals(organization)) {
                own.add(customer);
            }
        });
        assertThat(own).hasSize(1);
        assertThat(own.getFirst().path("type").asText()).isEqualTo("team");
        assertThat(own.getFirst().path("email").isNull()).isTrue();
        assertThat(checkoutsAtPolar()).hasSize(2);
    }

    @Test
    void sameKey_isTheSameCheckout_andAnotherBodyIsRefused() throws Exception {
        HttpResponse<String> first = sending(body(), owner(), "once");
        HttpResponse<String> again = sending(body(), owner(), "once");

        assertThat(created(again)).isEqualTo(created(first));
        assertProblem(sending(body().replace("}", ",\"locale\":\"es\"}"), owner(), "once"), 422,
                "idempotency-key-reused");
        assertThat(checkoutsAtPolar()).hasSize(1);
    }

    @Test
    void doubleClick_isOneCheckout() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> clicks = IntStream.range(0, 2)
                .mapToObj(n -> CompletableFuture.supplyAsync(() -> create("{\"product_id\":\"%s\"}", owner())))
                .toList();
        clicks.forEach(click -> assertThat(click.join().statusCode()).isIn(201, 409));

        assertThat(checkoutsAtPolar()).hasSize(1);
    }

    @Test
    void answerThatIsLost_isFoundByTheNextTry() throws Exception {
        created(sending(body(), owner(), "customer exists"));
        send("POST", "/sandbox/polar/faults/api/cut?on=/checkouts/", "");

        HttpResponse<String> lost = sending(body(), owner(), "lost");
        assertProblem(lost, 503, "provider-unavailable");
        assertThat(OPENAPI.faults(CREATE, lost)).isEmpty();
        JsonNode found = created(sending(body(), owner(), "lost"));

        assertThat(checkoutsAtPolar()).hasSize(2).contains(found.path("checkout_id").asText());
        assertThat(send("GET", "/api/v1/polar/audit?organization_id=" + organization, "", "authorization", owner())
                .body()).contains("unknown: Polar did not answer").doesNotContain("not done");
        assertThat(read("/api/v1/polar/checkout/" + found.path("checkout_id").asText()).path("status").asText())
                .isEqualTo("open");
    }

    @Test
    void expiredCheckout_isNotHandedOutAgain() throws Exception {
        created(sending(body(), owner(), "old"));
        DATABASE.execute("""
                UPDATE idempotent_requests SET answer = regexp_replace(answer, '"expires_at":"[^"]*"',
                  '"expires_at":"2020-01-01T00:00:00.000000Z"') WHERE organization = ?
                """, organization);

        assertProblem(sending(body(), owner(), "old"), 409, "checkout-expired");
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
    void whatABuyerMayNotSend_isRefusedBeforePolarIsAsked(String body, int status, String problem) throws Exception {
        HttpResponse<String> refused = create(body, owner());

        assertProblem(refused, status, problem, switch (problem) {
            case "body-invalid" -> new String[] {"errors"};
            case "service-only" -> new String[] {"fields"};
            default -> new String[0];
        });
        assertThat(OPENAPI.faults(CREATE, refused)).isEmpty();
        assertThat(polar("/customers/?limit=100").toString()).doesNotContain('"' + organization);
    }

    @Test
    void others_areRefused() throws Exception {
        assertProblem(create("{\"product_id\":\"%s\"}", bearer("org_id", organization, "org_role", "member")), 403,
                "role-not-allowed");
        assertProblem(create("{\"product_id\":\"%s\",\"organization_id\":\"another\"}", owner()), 403,
                "organization-not-allowed");
        assertProblem(create("{\"product_id\":\"%s\"}", "Bearer " + tokens.service("billing:write")), 422,
                "organization-missing");

        String stranger = bearer("org_id", "stranger", "org_role", "owner");
        String checkout = created(create("{\"product_id\":\"%s\"}", owner())).path("checkout_id").asText();
        assertProblem(send("GET", "/api/v1/polar/checkout/" + checkout, "", "authorization", stranger), 404,
                "checkout-unknown");
        assertProblem(send("GET", "/api/v1/polar/checkout/none", "", "authorization", stranger), 404,
                "checkout-unknown");
        assertProblem(send("GET", "/api/v1/polar/checkout/%00", "", "authorization", stranger), 404,
                "checkout-unknown");
    }

    @Test
    void callThatIsNotMadeAsDocumented_isRefused() throws Exception {
        for (HttpResponse<String> refused : List.of(
                send("POST", "/api/v1/polar/checkout", body()),
                send("POST", "/api/v1/polar/checkout?x=1", body(), "authorization", owner()),
                sending(body(), owner(), "a key\twith a tab"),
                send("POST", "/api/v1/polar/checkout", body(), "authorization", owner(), "accept", "image/png"))) {
            assertThat(refused.statusCode()).isIn(400, 401, 406);
            assertThat(OPENAPI.faults(CREATE, refused)).isEmpty();
        }
    }

    @Test
    void whatPolarRefuses_isToldByField_andItsLimit() throws Exception {
        String service = "Bearer " + tokens.service("billing:write", "org_id", organization);
        HttpResponse<String> refused = create("{\"product_id\":\"%s\",\"discount_id\":\"" + UUID.randomUUID()
                + "\"}", service);

        assertProblem(refused, 422, "provider-refused", "provider", "errors");
        assertThat(OPENAPI.faults(CREATE, refused)).isEmpty();
        assertThat(JSON.readTree(refused.body()).at("/errors/0/field").asText()).isEqualTo("discount_id");

        send("POST", "/sandbox/polar/faults/api/too-many-requests?on=/checkouts/&seconds=1", "");
        HttpResponse<String> limited = sending(body(), owner(), "limited");
        assertProblem(limited, 429, "too-many-requests");
        assertThat(limited.headers().firstValue("retry-after")).hasValueSatisfying(
                seconds -> assertThat(Integer.parseInt(seconds)).isBetween(1, 2));
        assertThat(OPENAPI.faults(CREATE, limited)).isEmpty();
        await().atMost(PATIENCE).until(() -> sending(body(), owner(), "limited").statusCode() == 201);
    }

    @Test
    void keyOfAnotherCaller_isAnotherRequest() throws Exception {
        JsonNode owners = created(sending(body(), owner(), "shared"));
        JsonNode admins = created(sending(body(),
                bearer("sub", "another", "org_id", organization, "org_role", "admin"), "shared"));

        assertThat(admins.path("checkout_id")).isNotEqualTo(owners.path("checkout_id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"organization_id", "user_id", "plinto_request_id"})
    void ourMetadata_wins(String key) throws Exception {
        JsonNode checkout = created(
                create("{\"product_id\":\"%s\",\"metadata\":{\"" + key + "\":\"theirs\"}}", owner()));

        JsonNode metadata = polar("/checkouts/" + checkout.path("checkout_id").asText()).path("metadata");
        assertThat(metadata.path(key).asText()).isNotEqualTo("theirs");
        assertThat(metadata.path("organization_id").asText()).isEqualTo(organization);
    }

    @Test
    void action_isInTheTrail() throws Exception {
        created(create("{\"product_id\":\"%s\"}", owner()));

        HttpResponse<String> trail = send("GET", "/api/v1/polar/audit?organization_id=" + organization, "",
                "authorization", owner());
        assertThat(trail.body()).contains("create_customer", "create_checkout", "product " + product);
    }

    private String body() {
        return "{\"product_id\":\"%s\"}".formatted(product);
    }

    private HttpResponse<String> create(String body, String authorization) {
        return sending(body.formatted(product), authorization, null);
    }

    private HttpResponse<String> sending(String body, String authorization, String key) {
        try {
            return key == null
                    ? send("POST", "/api/v1/polar/checkout", body, "authorization", authorization)
                    : send("POST", "/api/v1/polar/checkout", body, "authorization", authorization, "idempotency-key",
                            key);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private static JsonNode created(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(OPENAPI.faults(CREATE, answer)).isEmpty();
        return JSON.readTree(answer.body());
    }

    private void pay(JsonNode checkout) throws Exception {
        HttpResponse<String> paid = send("POST", "/sandbox/polar/v1/checkouts/client/"
                + checkout.path("client_secret").asText() + "/confirm", """
                        {"confirmation_token_id":"ctoken_sandbox_pays","customer_email":"buyer@plinto.dev",
                         "customer_name":"A Buyer","customer_billing_address":{"country":"DE"}}
                        """);
        assertThat(paid.statusCode()).as(paid.body()).isEqualTo(200);
    }

    private String owner() {
        return bearer("org_id", organization, "org_role", "owner", "email", "owner@plinto.dev", "email_verified",
                true);
    }

    private String bearer(Object... claims) {
        return "Bearer " + tokens.of(claims);
    }

    private JsonNode read(String path) throws Exception {
        HttpResponse<String> answer = send("GET", path, "", "authorization", owner());
        assertThat(OPENAPI.faults("GET /api/v1/polar/checkout/{checkout_id}", answer)).isEmpty();
        return JSON.readTree(answer.body());
    }

    private JsonNode entitlements() throws Exception {
        return JSON.readTree(send("GET", "/api/v1/polar/entitlements?organization_id=" + organization, "",
                "authorization", owner()).body());
    }

    private List<String> checkoutsAtPolar() throws Exception {
        List<String> ids = new ArrayList<>();
        polar("/checkouts/?limit=100&sorting=-created_at").path("items").forEach(checkout -> {
            if (checkout.at("/metadata/organization_id").asText().equals(organization)) {
                ids.add(checkout.path("id").asText());
            }
        });
        return ids;
    }

    private JsonNode polar(String path) throws Exception {
        HttpResponse<String> answer = send("GET", "/sandbox/polar/v1" + path, "", "authorization",
                "Bearer polar_oat_sandbox");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(path)).method(method,
                BodyPublishers.ofString(body)).header("content-type", "application/json");
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }
}
