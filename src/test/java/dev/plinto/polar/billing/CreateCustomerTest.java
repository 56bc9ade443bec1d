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
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The customer of an organization, at the simulated Polar over real HTTP, broker and database.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SellingStack.class)
class CreateCustomerTest {

    private static final String CREATE = "POST /api/v1/polar/customers";

    @TestHTTPResource("/")
    URI service;

    private SellingClient selling;
    /// Nobody else's.
    private String email;

    @BeforeEach
    void know() {
        selling = new SellingClient(service);
        email = selling.organization + "@plinto.dev";
    }

    @AfterEach
    void mend() {
        selling.endFaults();
    }

    @AfterAll
    static void everyDocumentedAnswerCame() {
        SellingClient.assertEveryAnswerCame(CREATE);
    }

    @Test
    void organization_getsATeam_andThenHasIt() {
        String body = """
                {"email":"%s","name":"An Owner","country":"MX","locale":"es-MX"}""".formatted(email);
        JsonNode created = json(create(body, verified()), 201);

        assertThat(created.path("created").asBoolean()).isTrue();
        assertThat(created.path("organization_id").asText()).isEqualTo(selling.organization);
        JsonNode customer = selling.polar("/customers/" + created.path("customer_id").asText());
        assertThat(customer.path("external_id").asText()).isEqualTo(selling.organization);
        assertThat(customer.path("type").asText()).isEqualTo("team");
        assertThat(customer.path("email").isNull()).isTrue();
        assertThat(customer.at("/billing_address/country").asText()).isEqualTo("MX");
        JsonNode owner = selling.polar("/customers/" + created.path("customer_id").asText() + "/members")
                .at("/items/0");
        assertThat(owner.path("email").asText()).isEqualTo(email);
        assertThat(owner.path("external_id").asText()).isEqualTo("usr_1");
        assertThat(selling.trail()).contains("create_customer").doesNotContain(email);

        JsonNode found = json(create(body.replace("An Owner", "Another"), verified()), 200);
        assertThat(found.path("created").asBoolean()).isFalse();
        assertThat(found.path("customer_id")).isEqualTo(created.path("customer_id"));
    }

    /// [RegisterWaitingCustomersTest] has the rest.
    @Test
    void requestThatDoesNotWait_isAccepted() {
        JsonNode accepted = json(create(body().replace("}", ",\"wait\":false}"), verified()), 202);

        assertThat(accepted.path("status").asText()).isEqualTo("accepted");
    }

    /// Its e-mail address would stay here, and at Polar.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void organizationThatIsBeingErased_getsNone(boolean wait) {
        selling.database.execute("""
                INSERT INTO erasures (id, organization, customers, shared_customers, keep_at_provider, due_at)
                VALUES (gen_random_uuid(), ?, '{}', '{}', true, 'infinity')
                """, selling.organization);

        assertProblem(create(body().replace("}", ",\"wait\":" + wait + "}"), verified()), 409, "erasure-in-progress");

        assertThat(customersAtPolar()).isEmpty();
        assertThat(selling.database.number("SELECT count(*) FROM customer_requests WHERE organization = ?",
                selling.organization)).isZero();
    }

    @Test
    void twoAtOnce_makeOneCustomer() {
        List<CompletableFuture<HttpResponse<String>>> both = IntStream.range(0, 2).mapToObj(n -> CompletableFuture
                .supplyAsync(() -> create("{\"email\":\"" + email + "\"}", verified(), "idempotency-key", "k" + n)))
                .toList();

        assertThat(both.stream().map(one -> json(one.join()).path("customer_id").asText()).distinct()).hasSize(1);
        assertThat(customersAtPolar()).hasSize(1);
    }

    @Test
    void customerWhoIsNobodysYet_isLinked_ifTheAddressIsProved() {
        String known = unlinked();

        JsonNode linked = json(create(body().toUpperCase(Locale.ROOT).replace("EMAIL", "email"), verified()), 200);

        assertThat(linked.path("customer_id").asText()).isEqualTo(known);
        assertThat(selling.polar("/customers/" + known).path("external_id").asText())
                .isEqualTo(selling.organization);
        assertThat(selling.trail()).contains("link_customer", "customer " + known).doesNotContain(email);
    }

    @Test
    void service_provesAnAddress() {
        String known = unlinked();
        String service = selling.service("billing:write");

        assertProblem(create(body(), service), 409, "customer-mismatch");
        assertProblem(create(body().replace("}", ",\"email_verified\":false}"), service), 409, "customer-mismatch");
        assertThat(selling.polar("/customers/" + known).path("external_id").isNull()).isTrue();
        JsonNode linked = json(create(body().replace("}", ",\"email_verified\":true}"), service), 200);
        assertThat(linked.path("customer_id").asText()).isEqualTo(known);
    }

    @Test
    void service_needsNoProof_forAnAddressThatPolarDoesNotKnow() {
        json(create(body(), selling.service("billing:write")), 201);
    }

    @Test
    void strangersAddress_isAnsweredAlike_whetherPolarKnowsItOrNot() {
        String unverified = selling.bearer("org_id", selling.organization, "org_role", "owner", "email", email,
                "email_verified", false);
        String without = selling.bearer("org_id", selling.organization, "org_role", "owner");
        HttpResponse<String> unknown = create(body(), selling.owner());
        assertProblem(unknown, 409, "customer-mismatch");
        String known = unlinked();

        for (String attacker : List.of(selling.owner(), unverified, without)) {
            assertThat(create(body(), attacker).body()).isEqualTo(unknown.body());
        }
        assertThat(selling.polar("/customers/" + known).path("external_id").isNull()).isTrue();
        assertThat(customersAtPolar()).isEmpty();
    }

    @Test
    void customerOfAnotherOrganization_staysItsOwn() {
        String others = selling.polar("POST", "/customers/", """
                {"email":"%s","external_id":"other-%s"}""".formatted(email, selling.organization)).path("id").asText();

        JsonNode created = json(create(body(), verified()), 201);

        assertThat(created.path("customer_id").asText()).isNotEqualTo(others);
        assertThat(selling.polar("/customers/" + others).path("external_id").asText())
                .isEqualTo("other-" + selling.organization);
    }

    @Test
    void customerWhoBoughtForAnotherOrganization_isNotLinked() {
        String known = unlinked();
        String bought = selling.trigger("purchase", "other-" + selling.organization).path("subscription_id").asText();
        await().atMost(SellingClient.PATIENCE).until(() -> !selling.database.column(
                "SELECT id FROM subscriptions WHERE id = ? AND account IS NOT NULL", bought).isEmpty());
        selling.database.execute("UPDATE subscriptions SET customer_id = ? WHERE id = ?", known, bought);

        JsonNode created = json(create(body(), verified()), 201);

        assertThat(created.path("customer_id").asText()).isNotEqualTo(known);
        assertThat(selling.polar("/customers/" + known).path("external_id").isNull()).isTrue();
    }

    @Test
    void customerWhoIsSomebodysByNow_isNotLinked() {
        String known = unlinked();
        selling.fault("slow", "/customers/" + known + "&seconds=1");
        CompletableFuture<HttpResponse<String>> slow = CompletableFuture.supplyAsync(
                () -> create(body(), verified()));
        await().atMost(SellingClient.PATIENCE).until(
                () -> !selling.send("GET", "/sandbox/polar/faults", "").body().contains(known));
        selling.polar("PATCH", "/customers/" + known, "{\"external_id\":\"faster-" + selling.organization + "\"}");

        assertProblem(slow.join(), 409, "customer-mismatch");
        assertThat(selling.trail()).contains("not done: ").doesNotContain(email);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                           | 422 | body-invalid
            {"email":"nobody"}                           | 422 | body-invalid
            {"email":"a@plinto.dev","country":"Mexico"}  | 422 | body-invalid
            {"email":"a@plinto.dev","locale":"<script>"} | 422 | body-invalid
            {"email":"a@plinto.dev","wait":"no"}         | 422 | body-invalid
            {"email":"a@plinto.dev","external_id":"x"}   | 422 | body-invalid
            {"email":"a@plinto.dev","email_verified":true} | 403 | service-only
            {"email":"a@plinto.dev","organization_id":"another"} | 403 | organization-not-allowed
            {"email":"a@plinto.dev"} x                   | 400 | body-not-json
            """)
    void whatAPersonMayNotSend_isRefused(String body, int status, String problem) {
        HttpResponse<String> refused = create(body, selling.owner());

        assertProblem(refused, status, problem, switch (problem) {
            case "body-invalid" -> new String[] {"errors"};
            case "service-only" -> new String[] {"fields"};
            default -> new String[0];
        });
        assertThat(customersAtPolar()).isEmpty();
    }

    @Test
    void others_areRefused() {
        assertProblem(create(body(), selling.member()), 403, "role-not-allowed");
        assertProblem(create(body(), "Bearer " + selling.tokens.service("billing:write")), 422,
                "organization-missing");
        assertProblem(create(body(), "Bearer " + selling.tokens.service("billing:read")), 403, "role-not-allowed");
        assertProblem(selling.call(CREATE, List.of(), "", body()), 401, "token-not-accepted");
        assertProblem(selling.call(CREATE, List.of(), "?x=1", body(), "authorization", verified()), 400,
                "parameter-invalid");
        assertProblem(create(body(), verified(), "idempotency-key", "a\tb"), 400, "idempotency-key-invalid");
        assertProblem(create(body(), verified(), "accept", "image/png"), 406, "http-406");
    }

    @Test
    void whatPolarAnswers_isToldAsItIs() {
        HttpResponse<String> refused = create("{\"email\":\"a@plinto.invalid\"}", selling.service("billing:write"));
        assertProblem(refused, 422, "provider-refused", "provider", "errors");
        assertThat(json(refused).at("/errors/0/field").asText()).isEqualTo("owner.email");
        selling.fault("unauthorized", "/customers/external/");
        assertProblem(create(body(), verified(), "idempotency-key", "a"), 503, "provider-not-configured");
        selling.fault("broken", "/customers/external/");
        assertProblem(create(body(), verified(), "idempotency-key", "a"), 503, "provider-unavailable");
        selling.fault("too-many-requests", "/customers/external/&seconds=1");
        assertProblem(create(body(), verified(), "idempotency-key", "a"), 429, "too-many-requests");
        await().atMost(SellingClient.PATIENCE).until(
                () -> create(body(), verified(), "idempotency-key", "a").statusCode() == 201);
        assertProblem(create(body().replace("}", ",\"locale\":\"es\"}"), verified(), "idempotency-key", "a"), 422,
                "idempotency-key-reused");
    }

    @Test
    void answerThatIsLost_isFoundByTheNextTry_andSameRequestIsToldToWait() {
        selling.fault("slow", "/customers/external/&seconds=1");
        CompletableFuture<HttpResponse<String>> first = CompletableFuture.supplyAsync(
                () -> create(body(), verified(), "idempotency-key", "lost"));
        await().atMost(SellingClient.PATIENCE).until(
                () -> !selling.send("GET", "/sandbox/polar/faults", "").body().contains("external"));
        assertProblem(create(body(), verified(), "idempotency-key", "lost"), 409, "request-in-progress");
        json(first.join(), 201);

        assertThat(create(body(), verified(), "idempotency-key", "lost").body()).isEqualTo(first.join().body());
        assertThat(customersAtPolar()).hasSize(1);
    }

    private String body() {
        return "{\"email\":\"" + email + "\"}";
    }

    private String verified() {
        return selling.bearer("org_id", selling.organization, "org_role", "owner", "email", email, "email_verified",
                true);
    }

    /// A customer with the address, who is nobody's.
    private String unlinked() {
        return selling.polar("POST", "/customers/", "{\"email\":\"" + email + "\"}").path("id").asText();
    }

    private List<JsonNode> customersAtPolar() {
        return selling.polar("/customers/?limit=100&sorting=-created_at").path("items").valueStream()
                .filter(customer -> customer.path("external_id").asText().equals(selling.organization)).toList();
    }

    private HttpResponse<String> create(String body, String authorization, String... headers) {
        return selling.call(CREATE, List.of(), "", body, SellingClient.with(authorization, headers));
    }
}
