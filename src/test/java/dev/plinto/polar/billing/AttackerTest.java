package dev.plinto.polar.billing;

import static dev.plinto.polar.billing.SellingClient.json;
import static dev.plinto.polar.billing.SellingClient.with;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.billing.BillingCalls.Call;
import dev.plinto.polar.billing.BillingCalls.Things;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.Size;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Whoever attacks an organization that buys here changes nothing of it, and learns nothing. What the tests of each
/// call show already is not repeated.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(StrictSelling.class)
class AttackerTest {

    private static final String CHECKOUT = "POST /api/v1/polar/checkout";
    private static final String VICTIMS_EMAIL = "victim-" + UUID.randomUUID() + "@plinto.dev";

    /// Nothing that is tried changes it, so that one is enough.
    private static SellingClient victim;
    private static SellingClient attacker;
    private static Things victims;
    private static Things own;
    private static String victimsCustomer;

    @TestHTTPResource("/")
    URI service;

    private List<JsonNode> before;

    @BeforeEach
    void know() {
        if (victim == null) {
            victim = new SellingClient(service);
            attacker = new SellingClient(service);
            victims = Things.of(victim);
            own = Things.of(attacker);
            victimsCustomer = victim.polar("/subscriptions/" + victims.subscription()).path("customer_id").asText();
            victim.polar("PATCH", "/customers/" + victimsCustomer, "{\"email\":\"" + VICTIMS_EMAIL + "\"}");
        }
        before = stateOfTheVictim();
    }

    @AfterEach
    void nothingChanged_ofTheVictim() {
        assertThat(stateOfTheVictim()).isEqualTo(before);
    }

    /// At Polar, in the trail, and how much Polar has at all.
    private static List<JsonNode> stateOfTheVictim() {
        return Stream.concat(
                Stream.of("/subscriptions/" + victims.subscription(), "/checkouts/" + victims.checkout(),
                        "/customers/" + victimsCustomer, "/customers/" + victimsCustomer + "/members",
                        "/customer-seats?subscription_id=" + victims.subscription(), "/orders/" + victims.order())
                        .map(victim::polar),
                Stream.of(json(victim.send("GET", "/api/v1/polar/audit?organization_id=" + victim.organization, "",
                        with(victim.owner())), 200)))
                .toList();
    }

    private static Things imaginary() {
        return new Things("org-" + UUID.randomUUID(), UUID.randomUUID().toString(), UUID.randomUUID().toString(),
                UUID.randomUUID().toString(), UUID.randomUUID().toString(), victims.product());
    }

    private static HttpResponse<String> send(Call call, String authorization, String... headers) {
        return attacker.call(call.operation(), call.ids(), call.query(), call.body(), with(authorization, headers));
    }

    private static void assertLeaksNothing(HttpResponse<String> answer) {
        assertThat(answer.body() + answer.headers().map()).doesNotContain(victims.organization(), victims.checkout(),
                victims.subscription(), victims.seat(), victims.order(), victimsCustomer, VICTIMS_EMAIL);
    }

    /// Who is nobody in the victim's organization.
    private static List<String> outsiders() {
        return List.of(attacker.owner(),
                attacker.bearer("sub", "usr_attacker", "org_id", attacker.organization, "org_roles",
                        Map.of(attacker.organization, "owner")),
                "Bearer " + attacker.tokens.service("billing:write", "client_id", "unlisted"),
                "Bearer " + attacker.tokens.service("billing:write", "client_id", "unlisted", "org_id",
                        attacker.organization));
    }

    /// Who is somebody there, but may not do it.
    private static List<String> insiders() {
        return List.of(victim.member(),
                attacker.bearer("sub", "usr_attacker", "org_id", attacker.organization, "org_role", "owner",
                        "org_roles", Map.of(attacker.organization, "owner", victim.organization, "member")));
    }

    @Test
    void whoIsNobodyThere_isAnsweredAsIfNothingWereThere() {
        List<Integer> counts = BillingCalls.countsAtPolar(victim);
        List<Call> imaginary = BillingCalls.all(imaginary());
        List<Call> real = BillingCalls.all(victims);
        for (String outsider : outsiders()) {
            for (int n = 0; n < real.size(); n++) {
                HttpResponse<String> answer = send(real.get(n), outsider);
                HttpResponse<String> nothing = send(imaginary.get(n), outsider);

                assertThat(answer.statusCode()).as(real.get(n) + answer.body()).isIn(403, 404);
                assertThat(answer.body()).as(real.get(n).operation()).isEqualTo(nothing.body());
                assertThat(answer.headers().map().keySet()).isEqualTo(nothing.headers().map().keySet());
                assertLeaksNothing(answer);
            }
        }
        assertThat(BillingCalls.countsAtPolar(victim)).isEqualTo(counts);
    }

    @Test
    void member_alsoOneWhoOwnsAnother_mayOnlyRead() {
        List<Integer> counts = BillingCalls.countsAtPolar(victim);
        for (String insider : insiders()) {
            BillingCalls.all(victims).stream().filter(call -> !call.isRead()).forEach(call -> {
                HttpResponse<String> answer = send(call, insider);

                assertProblem(answer, 403, "role-not-allowed");
                assertLeaksNothing(answer);
            });
        }
        assertThat(BillingCalls.countsAtPolar(victim)).isEqualTo(counts);
    }

    @Test
    void serviceThatMayRead_changesNothing() {
        List<Integer> counts = BillingCalls.countsAtPolar(victim);
        for (String reader : List.of(victim.service("billing:read"), victim.service("billing:usage"),
                "Bearer " + victim.tokens.service("billing:read", "client_id", "listed"))) {
            BillingCalls.all(victims).stream().filter(call -> !call.operation().startsWith("GET ")
                    || call.operation().endsWith("/portal"))
                    .forEach(call -> assertProblem(send(call, reader), 403, "role-not-allowed"));
        }
        assertThat(BillingCalls.countsAtPolar(victim)).isEqualTo(counts);
    }

    /// An organization is never an account that is nobody's yet, not even for a service that may act for all.
    @Test
    void accountOfACustomer_isNoOrganization() {
        List<Integer> counts = BillingCalls.countsAtPolar(victim);
        String listed = "Bearer " + victim.tokens.service("billing:read billing:write", "client_id", "listed");
        Things account = new Things("customer:" + victimsCustomer, "none", "none", "none", "none", victims.product());

        BillingCalls.withBody(account).filter(call -> call.body().contains("organization_id")).forEach(
                call -> assertProblem(send(call, listed), 422, "body-invalid", "errors"));
        BillingCalls.all(account).stream().filter(call -> call.operation().endsWith("/portal")).forEach(
                call -> assertProblem(send(call, listed), 404, "no-customer"));
        assertThat(BillingCalls.countsAtPolar(victim)).isEqualTo(counts);
    }

    @Test
    void keyOfAnother_isAnotherRequest_ofWhoeverMaySendIt() {
        String key = UUID.randomUUID().toString();
        SellingClient bystander = new SellingClient(service);
        Call mine = BillingCalls.one(CHECKOUT, own);
        Call again = new Call(CHECKOUT, List.of(), "", "{\"product_id\":\"" + own.product() + "\"}", false, true);
        String first = json(send(mine, attacker.owner(), "idempotency-key", key), 201).path("checkout_id").asText();

        for (String other : List.of(bystander.owner(), // the same subject, in another organization
                attacker.bearer("sub", "usr_other", "org_id", attacker.organization, "org_role", "admin"),
                "Bearer " + attacker.tokens.service("billing:write", "sub", "usr_1", "org_id",
                        attacker.organization))) {
            HttpResponse<String> answer = send(again, other, "idempotency-key", key);
            assertThat(json(answer, 201).path("checkout_id").asText()).isNotEqualTo(first);
        }
        assertProblem(send(mine, attacker.member(), "idempotency-key", key), 403, "role-not-allowed");
        assertProblem(send(mine, bystander.owner(), "idempotency-key", key), 403, "organization-not-allowed");
        assertThat(send(BillingCalls.one("POST /api/v1/polar/customers", own), attacker.owner(), "idempotency-key", key)
                .statusCode()).isIn(200, 201, 409);
    }

    @Test
    void emailOfAStranger_buysNothingForOrOfThem() {
        SellingClient buyer = new SellingClient(service);
        for (String token : List.of(
                buyer.bearer("sub", "usr_a", "org_id", buyer.organization, "org_role", "owner"),
                buyer.bearer("sub", "usr_b", "org_id", buyer.organization, "org_role", "owner", "email", VICTIMS_EMAIL,
                        "email_verified", false),
                buyer.bearer("sub", "usr_c", "org_id", buyer.organization, "org_role", "owner", "email",
                        "own@plinto.dev", "email_verified", true))) {
            HttpResponse<String> answer = buyer.call(CHECKOUT, List.of(), "", """
                    {"product_id":"%s","customer_email":"%s","metadata":{"organization_id":"%s","user_id":"usr_v"},
                     "custom_field_data":{"organization_id":"%3$s","plinto_request_id":"x"}}
                    """.formatted(victims.product(), VICTIMS_EMAIL, victims.organization()), with(token));
            assertLeaksNothing(answer);
            if (answer.statusCode() == 201) {
                JsonNode sold = buyer.polar("/checkouts/" + json(answer).path("checkout_id").asText());
                assertThat(sold.path("customer_id").asText()).isNotEqualTo(victimsCustomer);
                assertThat(sold.at("/metadata/organization_id").asText()).isEqualTo(buyer.organization);
                assertThat(sold.at("/metadata/user_id").asText()).startsWith("usr_").isNotEqualTo("usr_v");
            }
            assertLeaksNothing(buyer.call("POST /api/v1/polar/customers", List.of(), "",
                    "{\"email\":\"" + VICTIMS_EMAIL + "\"}", with(token)));
            assertLeaksNothing(buyer.call("POST /api/v1/polar/subscriptions", List.of(), "",
                    "{\"product_id\":\"" + victims.product() + "\",\"customer_email\":\"" + VICTIMS_EMAIL + "\"}",
                    with(token)));
        }
    }

    @Test
    void manyPollsAtOnce_getNothing_andOthersAreAnswered() {
        HttpClient client = OwnThreads.httpClient();
        try {
            List<CompletableFuture<HttpResponse<String>>> polls = IntStream
                    .range(0, Size.of("polar.test.polls", 300, 2_000))
                    .mapToObj(n -> client.sendAsync(HttpRequest.newBuilder(service.resolve("/api/v1/polar/checkout/"
                            + victims.checkout() + (n % 2 == 0 ? "" : "/activation?wait=0")))
                            .header("authorization", attacker.owner()).build(), BodyHandlers.ofString()))
                    .toList();
            json(send(BillingCalls.one("GET /api/v1/polar/checkout/{checkout_id}", victims), victim.owner()), 200);

            polls.forEach(poll -> assertProblem(poll.join(), 404, "checkout-unknown"));
        } finally {
            client.shutdownNow();
        }
    }
}
