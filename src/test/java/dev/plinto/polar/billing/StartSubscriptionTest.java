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
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Subscriptions of free products, which begin without a checkout, at the simulated Polar over real HTTP, broker and
/// database.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SellingStack.class)
class StartSubscriptionTest {

    private static final String START = "POST /api/v1/polar/subscriptions";

    @TestHTTPResource("/")
    URI service;

    private SellingClient selling;
    private String free;

    @BeforeEach
    void offer() {
        selling = new SellingClient(service);
        free = selling.freeProduct("free-" + selling.organization, "public");
    }

    @AfterEach
    void mend() {
        selling.endFaults();
    }

    @AfterAll
    static void everyDocumentedAnswerCame() {
        SellingClient.assertEveryAnswerCame(START);
    }

    @Test
    void freeProduct_isSubscribedTo_andToldAtOnce() {
        JsonNode started = json(start("{\"product_id\":\"%s\"}"), 201);

        assertThat(started.path("projected").asBoolean()).isTrue();
        assertThat(started.path("status").asText()).isEqualTo("active");
        assertThat(started.path("organization_id").asText()).isEqualTo(selling.organization);
        JsonNode told = selling.subscriptionAsTold(started.path("subscription_id").asText());
        assertThat(told.path("product_id").asText()).isEqualTo(free);
        assertThat(selling.polar("/customers/" + started.path("customer_id").asText()).path("external_id").asText())
                .isEqualTo(selling.organization);
        assertThat(selling.trail()).contains("create_customer", "start_subscription", "product " + free);
        HttpResponse<String> second = start("{\"product_id\":\"%s\"}", "idempotency-key", "second");
        assertProblem(second, 409, "already-subscribed", "subscription_id", "product_id");
        assertThat(json(second).path("subscription_id")).isEqualTo(started.path("subscription_id"));
    }

    /// Polar has no idempotency keys: it would begin a second one.
    @Test
    void answerThatIsLost_isFoundByTheNextTry() {
        selling.fault("cut", "/subscriptions/");
        assertProblem(start("{\"product_id\":\"%s\"}", "idempotency-key", "lost"), 503, "provider-unavailable");
        await().atMost(SellingClient.PATIENCE).until(() -> selling.database.column(
                "SELECT id FROM subscriptions WHERE account = ? AND published IS NOT NULL", selling.organization),
                found -> !found.isEmpty());

        JsonNode found = json(start("{\"product_id\":\"%s\"}", "idempotency-key", "lost"), 201);

        assertThat(subscriptionsAtPolar()).containsExactly(found.path("subscription_id").asText());
        assertThat(selling.trail()).contains("unknown: the provider did not answer").doesNotContain("not done");
    }

    @Test
    void organizationThatIsBeingErased_subscribesToNothing() {
        selling.database.execute("""
                INSERT INTO erasures (id, organization, customers, shared_customers, keep_at_provider, completed_at)
                VALUES (gen_random_uuid(), ?, '{}', '{}', true, now())
                """, selling.organization);
        selling.database.execute("""
                INSERT INTO erasures (id, organization, customers, shared_customers, keep_at_provider, due_at)
                VALUES (gen_random_uuid(), ?, '{}', '{}', true, 'infinity')
                """, selling.organization);

        assertProblem(start("{\"product_id\":\"%s\"}"), 409, "erasure-in-progress");

        selling.database.execute("UPDATE erasures SET completed_at = now() WHERE organization = ?",
                selling.organization);
        json(start("{\"product_id\":\"%s\"}", "idempotency-key", "afterwards"), 201);
    }

    @Test
    void paidProduct_needsACheckout() {
        String paid = selling.product();

        assertProblem(start("{\"product_id\":\"" + paid + "\"}"), 422, "checkout-needed");
        assertThat(selling.polar("/customers/?limit=100").toString()).doesNotContain('"' + selling.organization);
    }

    @Test
    void buyerWhoseAddressIsNotKnown_needsACheckout_untilThereIsACustomer() {
        String service = selling.service("billing:write");

        assertProblem(as(service, "{\"product_id\":\"%s\"}", "a"), 422, "checkout-needed");
        JsonNode started = json(as(service, """
                {"product_id":"%s","customer_email":"buyer@plinto.dev","user_id":"usr_1"}
                """, "b"), 201);
        assertThat(selling.polar("/subscriptions/" + started.path("subscription_id").asText()).at("/metadata/user_id")
                .asText()).isEqualTo("usr_1");
        free = selling.freeProduct("another-" + selling.organization, "public");
        assertThat(as(service, "{\"product_id\":\"%s\"}", "c").statusCode()).isEqualTo(201);
    }

    @Test
    void customerWhomPolarDoesNotHave_isRefused() {
        selling.database.execute("INSERT INTO customers (id, external_id) VALUES (?, ?)", UUID.randomUUID().toString(),
                selling.organization);

        assertProblem(start("{\"product_id\":\"%s\"}"), 422, "provider-refused", "provider", "errors");
    }

    @Test
    void sameRequestAtOnce_isDoneOnce() {
        selling.fault("slow", "/subscriptions/&seconds=1");

        List<HttpResponse<String>> both = Stream.of(1, 2)
                .map(n -> CompletableFuture.supplyAsync(() -> start("{\"product_id\":\"%s\"}")))
                .toList().stream().map(CompletableFuture::join).toList();

        assertThat(both).extracting(HttpResponse::statusCode).containsExactlyInAnyOrder(201, 409);
        assertThat(subscriptionsAtPolar()).hasSize(1);
    }

    /// Nothing is known of the first one while the second is asked for.
    @Test
    void twoRequestsAtOnce_beginOneSubscriptionOfAGroup() {
        selling.fault("slow", "/subscriptions/&seconds=1&times=2");

        List<HttpResponse<String>> both = Stream.of("one", "two")
                .map(key -> CompletableFuture.supplyAsync(
                        () -> start("{\"product_id\":\"%s\"}", "idempotency-key", key)))
                .toList().stream().map(CompletableFuture::join).toList();

        assertThat(both).extracting(HttpResponse::statusCode).containsExactlyInAnyOrder(201, 409);
        HttpResponse<String> second = both.stream().filter(answer -> answer.statusCode() == 409).findFirst()
                .orElseThrow();
        assertProblem(second, 409, "request-in-progress");
        assertThat(second.headers().firstValue("retry-after")).contains("1");
        String key = both.getFirst().statusCode() == 409 ? "one" : "two";
        assertProblem(start("{\"product_id\":\"%s\"}", "idempotency-key", key), 409, "already-subscribed",
                "subscription_id", "product_id");
        assertThat(subscriptionsAtPolar()).hasSize(1);
        assertThat(beginning()).isEmpty();
    }

    /// The one before may be at Polar, and not be known here.
    @Test
    void requestAfterOneWithoutAnAnswer_waits_butNotTheSameOne() {
        selling.fault("deliveries", "drop", "subscription.&times=9");
        selling.fault("cut", "/subscriptions/");
        assertProblem(start("{\"product_id\":\"%s\"}", "idempotency-key", "lost"), 503, "provider-unavailable");

        assertProblem(start("{\"product_id\":\"%s\"}", "idempotency-key", "other"), 409, "request-in-progress");
        JsonNode found = json(start("{\"product_id\":\"%s\"}", "idempotency-key", "lost"), 201);

        assertThat(subscriptionsAtPolar()).containsExactly(found.path("subscription_id").asText());
        assertThat(beginning()).isEmpty();
    }

    @Test
    void requestOfAKilledReplica_holdsUpOthersForItsLeaseOnly() {
        selling.database.execute("INSERT INTO subscription_starts VALUES (?, ?, 'killed', clock_timestamp() + "
                + "interval '1 hour')", selling.organization, "free-" + selling.organization);
        assertProblem(start("{\"product_id\":\"%s\"}", "idempotency-key", "a"), 409, "request-in-progress");

        selling.database.execute(
                "UPDATE subscription_starts SET lease_until = clock_timestamp() WHERE organization = ?",
                selling.organization);

        json(start("{\"product_id\":\"%s\"}", "idempotency-key", "a"), 201);
        assertThat(beginning()).isEmpty();
    }

    @Test
    void refusal_holdsUpNobody() {
        selling.database.execute("INSERT INTO customers (id, external_id) VALUES (?, ?)", UUID.randomUUID().toString(),
                selling.organization);
        assertProblem(start("{\"product_id\":\"%s\"}"), 422, "provider-refused", "provider", "errors");

        assertThat(beginning()).isEmpty();
    }

    private List<String> beginning() {
        return selling.database.column("SELECT product_group FROM subscription_starts WHERE organization = ?",
                selling.organization);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                   | 422 | body-invalid
            {"product_id":"%s","seats":2}                        | 422 | body-invalid
            {"product_id":"%s","customer_email":"nobody"}        | 422 | body-invalid
            {"product_id":"none"}                                | 422 | product-not-sold
            {"product_id":"%s","user_id":"somebody-else"}        | 403 | service-only
            {"product_id":"%s","organization_id":"another"}      | 403 | organization-not-allowed
            {"product_id":"%s"} x                                | 400 | body-not-json
            """)
    void whatMayNotBeSent_isRefusedBeforePolarIsAsked(String body, int status, String problem) {
        assertProblem(start(body), status, problem, switch (problem) {
            case "body-invalid" -> new String[] {"errors"};
            case "service-only" -> new String[] {"fields"};
            default -> new String[0];
        });
        assertThat(selling.polar("/customers/?limit=100").toString()).doesNotContain('"' + selling.organization);
    }

    @Test
    void others_areRefused() {
        assertProblem(as(selling.member(), "{\"product_id\":\"%s\"}", "m"), 403, "role-not-allowed");
        assertProblem(as("Bearer " + selling.tokens.service("billing:write"), "{\"product_id\":\"%s\"}", "n"), 422,
                "organization-missing");
        String hidden = selling.freeProduct("hidden-" + selling.organization, "private");
        assertProblem(start("{\"product_id\":\"" + hidden + "\"}"), 403, "service-only", "fields");
    }

    @Test
    void callThatIsNotMadeAsDocumented_isRefused() {
        String body = "{\"product_id\":\"%s\"}";
        assertProblem(selling.call(START, List.of(), "", body), 401, "token-not-accepted");
        assertProblem(selling.call(START, List.of(), "?x=1", body, "authorization", selling.owner()), 400,
                "parameter-invalid");
        assertProblem(start(body, "idempotency-key", "a key\twith a tab"), 400, "idempotency-key-invalid");
        assertProblem(start(body, "accept", "image/png"), 406, "http-406");
        selling.fault("too-many-requests", "/customers/&seconds=1");
        assertProblem(start(body), 429, "too-many-requests");
        await().atMost(SellingClient.PATIENCE).until(
                () -> start(body, "idempotency-key", "once").statusCode() == 201);
        assertProblem(start(body.replace("}", ",\"customer_email\":\"a@b.example\"}"), "idempotency-key", "once"), 422,
                "idempotency-key-reused");
    }

    private HttpResponse<String> start(String body, String... headers) {
        return selling.call(START, List.of(), "", body.formatted(free),
                SellingClient.with(selling.owner(), headers));
    }

    private HttpResponse<String> as(String authorization, String body, String key) {
        return selling.call(START, List.of(), "", body.formatted(free), "authorization", authorization,
                "idempotency-key", key);
    }

    private List<String> subscriptionsAtPolar() {
        return selling.polar("/subscriptions/?limit=100&external_customer_id=" + selling.organization).path("items")
                .valueStream().map(subscription -> subscription.path("id").asText()).toList();
    }
}
