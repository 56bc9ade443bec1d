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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Subscriptions that are canceled, paused, and go on after all, at the simulated Polar over real HTTP, broker and
/// database.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SellingStack.class)
class CancelSubscriptionTest {

    private static final String BASE = "POST /api/v1/polar/subscriptions/{subscription_id}/";

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
        SellingClient.assertEveryAnswerCame(BASE + "cancel", BASE + "uncancel", BASE + "pause", BASE + "resume");
    }

    @Test
    void cancellation_isToldAtOnce_andCanBeTakenBack() {
        JsonNode canceled = done(call("cancel", """
                {"reason":"too_expensive","comment":"Two lines,\\nas people write them"}
                """));

        assertThat(canceled.path("cancel_at_period_end").asBoolean()).isTrue();
        assertThat(canceled.path("ends_at")).isEqualTo(canceled.path("current_period_end"));
        assertThat(atPolar().path("customer_cancellation_reason").asText()).isEqualTo("too_expensive");
        assertThat(atPolar().path("customer_cancellation_comment").asText()).startsWith("Two lines,\n");

        JsonNode back = done(call("uncancel", ""));

        assertThat(back.path("cancel_at_period_end").asBoolean()).isFalse();
        assertThat(selling.trail()).contains("cancel_subscription", "uncancel_subscription", "period_end",
                "subscription " + subscription);
    }

    @Test
    void endNow_isForGood() {
        JsonNode ended = done(call("cancel", "{\"at\":\"now\"}"));

        assertThat(ended.path("status").asText()).isEqualTo("canceled");
        assertThat(ended.path("ended_at").isNull()).isFalse();
        assertProblem(call("uncancel", "{}"), 409, "already-canceled");
    }

    @Test
    void whatIsSoAlready_isRefused() {
        done(call("cancel", ""));

        assertProblem(call("cancel", "{\"at\":\"period_end\"}"), 409, "already-canceled");
        assertProblem(call("pause", ""), 409, "cannot-pause");
        done(call("uncancel", ""));
        assertProblem(call("uncancel", "", "idempotency-key", "another"), 409, "nothing-scheduled");
        assertProblem(call("resume", ""), 409, "nothing-scheduled");
    }

    @Test
    void pauseThatIsToCome_isTakenBack() {
        done(call("pause", ""));
        assertThat(atPolar().path("pause_at_period_end").asBoolean()).isTrue();

        done(call("resume", ""));
        assertThat(atPolar().path("pause_at_period_end").asBoolean()).isFalse();
        assertThat(selling.trail()).contains("pause_subscription", "resume_subscription");
    }

    @Test
    void pauseThatHasBegun_ends_ifItCanBePaid() {
        subscription = selling.subscription("subscription.paused");
        await().atMost(SellingClient.PATIENCE).until(() -> selling.subscriptionAsTold(subscription).path("status")
                .asText().equals("paused"));

        selling.fault("business", "card-declined", subscription);
        HttpResponse<String> declined = call("resume", "", "idempotency-key", "declined");
        assertProblem(declined, 402, "payment-failed", "action_needed");
        assertThat(json(declined).path("action_needed").asBoolean()).isFalse();
        selling.fault("business", "card-needs-action", subscription);
        assertThat(json(call("resume", "", "idempotency-key", "needs action"), 402).path("action_needed").asBoolean())
                .isTrue();
        selling.fault("business", "payment-not-ready", subscription);
        assertProblem(call("resume", "", "idempotency-key", "later"), 503, "provider-not-configured");

        assertThat(done(call("resume", "", "idempotency-key", "later")).path("status").asText()).isEqualTo("active");
    }

    /// The same request three times within a second, but something happened between them.
    @Test
    void cancelUncancelCancel_isThreeThings() {
        done(call("cancel", ""));
        done(call("uncancel", ""));
        JsonNode again = done(call("cancel", ""));

        assertThat(again.path("cancel_at_period_end").asBoolean()).isTrue();
        assertThat(atPolar().path("cancel_at_period_end").asBoolean()).isTrue();
    }

    @Test
    void doubleClick_isOneCancellation() {
        CompletableFuture<HttpResponse<String>> first = CompletableFuture.supplyAsync(() -> call("cancel", ""));
        CompletableFuture<HttpResponse<String>> second = CompletableFuture.supplyAsync(() -> call("cancel", ""));

        assertThat(List.of(first.join().statusCode(), second.join().statusCode())).contains(200)
                .doesNotContain(503);
        HttpResponse<String> third = call("cancel", "");
        assertThat(third.statusCode()).isEqualTo(200);
        assertThat(selling.trail().split("cancel_subscription", -1)).hasSize(2);
    }

    /// Polar has no idempotency keys: it would refuse the second cancellation.
    @ParameterizedTest
    @ValueSource(strings = {"cut", "cut-in-the-middle"})
    void answerThatIsLost_isReadBackByTheNextTry(String fault) {
        selling.fault(fault, "/subscriptions/");

        assertProblem(call("cancel", "{}", "idempotency-key", "lost"), 503, "provider-unavailable");
        JsonNode canceled = done(call("cancel", "{}", "idempotency-key", "lost"));

        assertThat(canceled.path("cancel_at_period_end").asBoolean()).isTrue();
        assertThat(selling.trail()).contains("unknown: the provider did not answer").doesNotContain("not done");
    }

    @Test
    void faultOfPolars_isNoCancellation_untilTheNextTry() {
        selling.fault("broken", "/subscriptions/");

        assertProblem(call("cancel", "{}", "idempotency-key", "broken"), 503, "provider-unavailable");
        assertThat(atPolar().path("cancel_at_period_end").asBoolean()).isFalse();
        done(call("cancel", "{}", "idempotency-key", "broken"));
    }

    @Test
    void endThatWasLost_isReadBackToo() {
        selling.fault("cut", "/subscriptions/");
        assertProblem(call("cancel", "{\"at\":\"now\"}", "idempotency-key", "end"), 503, "provider-unavailable");

        JsonNode ended = done(call("cancel", "{\"at\":\"now\"}", "idempotency-key", "end"));

        assertThat(ended.path("ended_at").isNull()).isFalse();
    }

    @Test
    void sameKey_isTheSameCancellation() {
        HttpResponse<String> first = call("cancel", "{}", "idempotency-key", "once");
        done(call("uncancel", ""));

        assertThat(call("cancel", "{}", "idempotency-key", "once").body()).isEqualTo(first.body());
        assertThat(atPolar().path("cancel_at_period_end").asBoolean()).isFalse();
        assertProblem(call("cancel", "{\"at\":\"now\"}", "idempotency-key", "once"), 422, "idempotency-key-reused");
    }

    @Test
    void changeThatIsUnderWay_isWaitedFor() {
        selling.fault("business", "subscription-locked", subscription);
        HttpResponse<String> locked = call("cancel", "{}", "idempotency-key", "locked");
        assertProblem(locked, 409, "subscription-locked");
        assertThat(locked.headers().firstValue("retry-after")).isPresent();
        selling.fault("slow", "/subscriptions/&seconds=2");

        List<CompletableFuture<HttpResponse<String>>> both = IntStream.range(0, 2)
                .mapToObj(n -> CompletableFuture.supplyAsync(() -> call("cancel", "{}", "idempotency-key", "locked")))
                .toList();
        HttpResponse<String> first = both.get(0).join();
        HttpResponse<String> second = both.get(1).join();
        assertProblem(first.statusCode() == 200 ? second : first, 409, "request-in-progress");
        done(first.statusCode() == 200 ? first : second);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cancel   | {"at":"tomorrow"}       | 422 | body-invalid
            cancel   | {"reason":"bored"}      | 422 | body-invalid
            cancel   | {"comment":""}          | 422 | body-invalid
            cancel   | {"comment":"\\u0000"}   | 422 | body-invalid
            cancel   | {"now":true}            | 422 | body-invalid
            cancel   | []                      | 400 | body-not-json
            uncancel | {"at":"now"}            | 422 | body-invalid
            pause    | {"resumes_at":"never"}  | 422 | body-invalid
            resume   | x                       | 400 | body-not-json
            """)
    void whatIsNotAsDocumented_isRefusedBeforePolarIsAsked(String call, String body, int status, String problem) {
        JsonNode before = atPolar();

        assertProblem(call(call, body), status, problem, status == 422 ? new String[] {"errors"} : new String[0]);

        assertThat(atPolar()).isEqualTo(before);
    }

    @Test
    void others_areRefused() {
        for (String call : List.of("cancel", "uncancel", "pause", "resume")) {
            assertProblem(as(selling.member(), call, subscription), 403, "role-not-allowed");
            assertProblem(as(selling.stranger(), call, subscription), 404, "subscription-unknown");
            assertProblem(as(selling.owner(), call, "none"), 404, "subscription-unknown");
            assertProblem(as(selling.owner(), call, "%00"), 404, "subscription-unknown");
        }
        assertThat(atPolar().path("cancel_at_period_end").asBoolean()).isFalse();
    }

    @Test
    void subscriptionOfAnUnlinkedCustomer_isNobodys() {
        String unlinked = UUID.randomUUID().toString();
        selling.database.execute("""
                INSERT INTO subscriptions (id, account, version, published)
                SELECT ?, 'customer:1', version, published FROM subscriptions WHERE id = ?
                """, unlinked, subscription);

        assertProblem(as("Bearer " + selling.tokens.service("billing:write"), "cancel", unlinked), 404,
                "subscription-unknown");
    }

    @Test
    void subscriptionThatPolarDoesNotHave_isRefused() {
        String gone = UUID.randomUUID().toString();
        selling.database.execute("""
                INSERT INTO subscriptions (id, account, version, published)
                SELECT ?, account, version, published FROM subscriptions WHERE id = ?
                """, gone, subscription);

        assertProblem(as(selling.owner(), "cancel", gone), 422, "provider-refused", "provider", "errors");
        assertProblem(as(selling.owner(), "resume", gone), 404, "subscription-unknown");
    }

    @Test
    void callThatIsNotMadeAsDocumented_isRefused() {
        assertProblem(selling.call(BASE + "cancel", List.of(subscription), "", "{}"), 401, "token-not-accepted");
        assertProblem(selling.call(BASE + "cancel", List.of(subscription), "?at=now", "{}", "authorization",
                selling.owner()), 400, "parameter-invalid");
        assertProblem(call("cancel", "{}", "idempotency-key", "a key\twith a tab"), 400, "idempotency-key-invalid");
        assertProblem(call("cancel", "{}", "accept", "image/png"), 406, "http-406");
        selling.fault("too-many-requests", "/subscriptions/&seconds=1");
        assertProblem(call("cancel", "{}"), 429, "too-many-requests");
    }

    private HttpResponse<String> call(String call, String body, String... headers) {
        return selling.call(BASE + call, List.of(subscription), "", body,
                SellingClient.with(selling.owner(), headers));
    }

    private HttpResponse<String> as(String authorization, String call, String id) {
        return selling.call(BASE + call, List.of(id), "", "", "authorization", authorization);
    }

    /// What is told next must be the same.
    private JsonNode done(HttpResponse<String> answer) {
        JsonNode changed = json(answer, 200);
        assertThat(changed.path("projected").asBoolean()).isTrue();
        assertThat(changed.path("pending_update").isNull()).isTrue();
        JsonNode told = selling.subscriptionAsTold(subscription);
        assertThat(told.properties()).allMatch(field -> field.getKey().equals("version")
                || field.getKey().equals("cause") || field.getKey().equals("previous_status")
                || changed.path(field.getKey()).equals(field.getValue()));
        return changed;
    }

    private JsonNode atPolar() {
        return selling.polar("/subscriptions/" + subscription);
    }
}
