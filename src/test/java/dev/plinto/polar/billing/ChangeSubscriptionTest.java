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
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Subscriptions that become another product's, or get other seats, at the simulated Polar over real HTTP, broker and
/// database.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SellingStack.class)
class ChangeSubscriptionTest {

    private static final String CHANGE = "PATCH /api/v1/polar/subscriptions/{subscription_id}";

    @TestHTTPResource("/")
    URI service;

    private SellingClient selling;
    private String subscription;

    @BeforeEach
    void subscribe() {
        selling = new SellingClient(service);
        subscription = selling.subscription("purchase");
    }

    @AfterEach
    void mend() {
        selling.endFaults();
    }

    @AfterAll
    static void everyDocumentedAnswerCame() {
        SellingClient.assertEveryAnswerCame(CHANGE);
    }

    @Test
    void otherPlan_isToldAtOnce_withoutACheckout() {
        String team = team();
        List<String> checkouts = selling.checkoutsAtPolar();

        JsonNode changed = done(change(plan(team)));

        assertThat(changed.path("product_id").asText()).isEqualTo(team);
        assertThat(changed.path("product_name").asText()).isEqualTo("Team");
        assertThat(selling.trail()).contains("change_subscription", "product " + team, "subscription " + subscription);
        assertThat(selling.checkoutsAtPolar()).isEqualTo(checkouts);
    }

    @Test
    void seats_change_withoutACheckout() {
        subscription = selling.subscription("customer_seat.claimed");

        assertThat(done(change("{\"seats\":5}")).path("seats").asInt()).isEqualTo(5);
        assertThat(selling.trail()).contains("3 seats", "5 seats");
        assertProblem(change("{\"seats\":0}"), 422, "body-invalid", "errors");
        assertThat(done(change("{\"seats\":1}")).path("seats").asInt()).isEqualTo(1);
    }

    /// A key is a request's, not that of what comes out: two who take a seat away each take one.
    @Test
    void changesOfTwo_bothCount() {
        subscription = selling.subscription("customer_seat.claimed");
        done(change("{\"seats\":9}"));

        CompletableFuture<HttpResponse<String>> one = CompletableFuture.supplyAsync(
                () -> change("{\"seats\":8}", "idempotency-key", "the same"));
        CompletableFuture<HttpResponse<String>> other = CompletableFuture.supplyAsync(
                () -> selling.call(CHANGE, List.of(subscription), "", "{\"seats\":7}", "authorization",
                        selling.bearer("sub", "another", "org_id", selling.organization, "org_role", "admin"),
                        "idempotency-key", "the same"));

        assertThat(List.of(json(one.join(), 200).path("projected").asBoolean(),
                json(other.join(), 200).path("projected").asBoolean())).containsOnly(true);
        assertThat(selling.trail()).contains("8 seats", "7 seats");
        assertThat(selling.subscriptionAsTold(subscription).path("seats").asInt())
                .isEqualTo(atPolar().path("seats").asInt());
    }

    @Test
    void changesBackAndForthWithinASecond_areThree() {
        subscription = selling.subscription("customer_seat.claimed");

        assertThat(done(change("{\"seats\":5}")).path("seats").asInt()).isEqualTo(5);
        assertThat(done(change("{\"seats\":6}")).path("seats").asInt()).isEqualTo(6);
        assertThat(done(change("{\"seats\":5}")).path("seats").asInt()).isEqualTo(5);
    }

    @Test
    void changeForTheNextPeriod_isPending_andWithdrawnByAnother() {
        String team = team();
        String body = "{\"product_id\":\"" + team + "\",\"proration_behavior\":\"next_period\"}";

        JsonNode pending = json(change(body, "authorization", selling.service("billing:write")), 200);

        assertThat(pending.at("/pending_update/product_id").asText()).isEqualTo(team);
        assertThat(pending.at("/pending_update/applies_at")).isEqualTo(pending.path("current_period_end"));
        String now = pending.path("product_id").asText();
        assertThat(now).isNotEqualTo(team);
        assertThat(done(change(plan(now))).path("product_id").asText()).isEqualTo(now);
        assertProblem(change(plan(now), "idempotency-key", "again"), 409, "nothing-to-change");
    }

    @Test
    void answerThatIsLost_isReadBackByTheNextTry() {
        String team = team();
        selling.fault("cut", "/subscriptions/");
        assertProblem(change(plan(team), "idempotency-key", "lost"), 503, "provider-unavailable");
        JsonNode lost = atPolar();

        JsonNode changed = done(change(plan(team), "idempotency-key", "lost"));

        assertThat(changed.path("product_id").asText()).isEqualTo(team);
        assertThat(atPolar().path("modified_at")).isEqualTo(lost.path("modified_at"));
    }

    @Test
    void paymentThatFails_changesNothing() {
        String body = "{\"product_id\":\"" + team() + "\",\"proration_behavior\":\"invoice\"}";
        String[] service = {"authorization", selling.service("billing:write")};
        selling.fault("business", "card-declined", subscription);

        HttpResponse<String> declined = change(body, service);

        assertProblem(declined, 402, "payment-failed", "action_needed");
        assertThat(selling.trail()).contains("not done: The payment failed");
        assertThat(atPolar().path("product_id")).isEqualTo(selling.subscriptionAsTold(subscription).path("product_id"));
    }

    @Test
    void subscriptionOfAnotherGroup_isNotSoldASecondTime() {
        String product = selling.freeProduct("group-" + selling.organization, "public");
        String second = selling.polar("POST", "/subscriptions/", """
                {"product_id":"%s","customer_id":"%s","metadata":{"organization_id":"%s"}}
                """.formatted(product, atPolar().path("customer_id").asText(),
                selling.organization)).path("id").asText();
        await().atMost(SellingClient.PATIENCE).until(() -> selling.database.column(
                "SELECT id FROM subscriptions WHERE id = ? AND status = 'active'", second), found -> !found.isEmpty());

        HttpResponse<String> refused = change(plan(product));

        assertProblem(refused, 409, "already-subscribed", "subscription_id", "product_id");
        assertThat(json(refused).path("subscription_id").asText()).isEqualTo(second);
    }

    @Test
    void productThatIsNotPublic_isForServices() {
        String hidden = selling.freeProduct("hidden-" + selling.organization, "private");

        assertProblem(change(plan(hidden)), 403, "service-only", "fields");
        assertThat(json(change(plan(hidden), "authorization", selling.service("billing:write")), 200)
                .path("product_id").asText()).isEqualTo(hidden);
    }

    @Test
    void stateThatDoesNotAllowIt_isSaid() {
        String team = team();
        selling.fault("business", "subscription-locked", subscription);
        assertProblem(change(plan(team)), 409, "subscription-locked");
        selling.trigger("cancel-at-period-end", selling.organization);
        assertProblem(change(plan(team), "idempotency-key", "later"), 409, "already-canceled");
        subscription = selling.subscription("subscription.paused");
        assertProblem(change(plan(team)), 409, "subscription-inactive");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                | 422 | body-invalid
            {"product_id":"%s","seats":2}                     | 422 | body-invalid
            {"seats":-1}                                      | 422 | body-invalid
            {"seats":2.5}                                     | 422 | body-invalid
            {"seats":1e9}                                     | 422 | body-invalid
            {"seats":2,"proration_behavior":"reset"}          | 422 | body-invalid
            {"product_id":"%s","proration_behavior":"never"}  | 422 | body-invalid
            {"product_id":"%s","proration_behavior":"reset"}  | 403 | service-only
            {"product_id":"none"}                             | 422 | product-not-sold
            {"product_id":"%s","price":1}                     | 422 | body-invalid
            {"seats":3} x                                     | 400 | body-not-json
            """)
    void whatMayNotBeSent_isRefusedBeforePolarIsAsked(String body, int status, String problem) {
        JsonNode before = atPolar();

        assertProblem(change(body.formatted(before.path("product_id").asText())), status, problem, switch (problem) {
            case "body-invalid" -> new String[] {"errors"};
            case "service-only" -> new String[] {"fields"};
            default -> new String[0];
        });
        assertThat(atPolar()).isEqualTo(before);
        assertThat(selling.trail()).doesNotContain("change_subscription");
    }

    @Test
    void whatPolarRefuses_isToldByField() {
        HttpResponse<String> unseated = change("{\"seats\":3}");
        assertProblem(unseated, 422, "provider-refused", "provider", "errors");
        assertThat(json(unseated).at("/errors/0/field").asText()).isEqualTo("seats");
        subscription = selling.subscription("customer_seat.claimed");
        HttpResponse<String> refused = change(plan(team()));
        assertProblem(refused, 422, "provider-refused", "provider", "errors");
        assertThat(json(refused).at("/errors/0/field").asText()).isEqualTo("product_id");
    }

    @Test
    void others_areRefused() {
        assertProblem(as(selling.member(), subscription), 403, "role-not-allowed");
        assertProblem(as(selling.service("billing:read"), subscription), 403, "role-not-allowed");
        assertProblem(as(selling.stranger(), subscription), 404, "subscription-unknown");
        assertProblem(as(selling.owner(), "none"), 404, "subscription-unknown");
    }

    @Test
    void callThatIsNotMadeAsDocumented_isRefused() {
        String team = team();
        assertProblem(selling.call(CHANGE, List.of(subscription), "", "{}"), 401, "token-not-accepted");
        assertProblem(selling.call(CHANGE, List.of(subscription), "?seats=1", "{}", "authorization", selling.owner()),
                400, "parameter-invalid");
        assertProblem(change(plan(team), "idempotency-key", "\t"), 400, "idempotency-key-invalid");
        assertProblem(change(plan(team), "accept", "image/png"), 406, "http-406");
        selling.fault("too-many-requests", "/subscriptions/&seconds=1");
        assertProblem(change(plan(team)), 429, "too-many-requests");
        await().atMost(SellingClient.PATIENCE).until(
                () -> change(plan(team), "idempotency-key", "once").statusCode() == 200);
        assertProblem(change("{\"seats\":3}", "idempotency-key", "once"), 422, "idempotency-key-reused");
    }

    @Test
    void sameRequestAtOnce_isDoneOnce() {
        String team = team();
        selling.fault("slow", "/subscriptions/&seconds=1");

        List<HttpResponse<String>> both = Stream.of(1, 2)
                .map(n -> CompletableFuture.supplyAsync(() -> change(plan(team))))
                .toList().stream().map(CompletableFuture::join).toList();

        assertThat(both).extracting(HttpResponse::statusCode).containsExactlyInAnyOrder(200, 409);
        assertThat(selling.trail().split("change_subscription", -1)).hasSize(2);
    }

    private static String plan(String product) {
        return "{\"product_id\":\"" + product + "\"}";
    }

    /// Another product than that of a purchase, once the service knows it.
    private String team() {
        return selling.known(selling.polar("/products/?query=Team").path("items").valueStream()
                .filter(product -> product.path("name").asText().equals("Team")).findFirst().orElseThrow());
    }

    private HttpResponse<String> change(String body, String... headers) {
        return selling.call(CHANGE, List.of(subscription), "", body, List.of(headers).contains("authorization")
                ? headers
                : SellingClient.with(selling.owner(), headers));
    }

    private HttpResponse<String> as(String authorization, String id) {
        return selling.call(CHANGE, List.of(id), "", "{\"seats\":3}", "authorization", authorization);
    }

    /// What is told next must be the same.
    private JsonNode done(HttpResponse<String> answer) {
        JsonNode changed = json(answer, 200);
        assertThat(changed.path("projected").asBoolean()).isTrue();
        assertThat(changed.path("pending_update").isNull()).isTrue();
        JsonNode told = selling.subscriptionAsTold(subscription);
        assertThat(List.of(told.path("product_id"), told.path("seats"), told.path("amount")))
                .isEqualTo(List.of(changed.path("product_id"), changed.path("seats"), changed.path("amount")));
        return changed;
    }

    private JsonNode atPolar() {
        return selling.polar("/subscriptions/" + subscription);
    }
}
