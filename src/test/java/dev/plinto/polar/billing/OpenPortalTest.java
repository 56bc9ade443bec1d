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
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The portal of an organization, at the simulated Polar over real HTTP, broker and database.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SellingStack.class)
class OpenPortalTest {

    private static final String OPEN = "GET /api/v1/polar/customer/portal";
    private static final String SESSIONS = "/customer-sessions/";

    @TestHTTPResource("/")
    URI service;

    private SellingClient selling;

    @BeforeEach
    void know() {
        selling = new SellingClient(service);
    }

    @AfterEach
    void mend() {
        selling.endFaults();
    }

    @AfterAll
    static void everyDocumentedAnswerCame() {
        SellingClient.assertEveryAnswerCame(OPEN);
    }

    @Test
    void visitor_isTheMember_whoseUserTheyAre() {
        String customer = team("usr_1", "owner@plinto.dev");

        HttpResponse<String> answer = open("", selling.owner());

        assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
        JsonNode portal = json(answer, 200);
        assertThat(portal.path("provider").asText()).isEqualTo("polar");
        assertThat(page(portal)).contains("owner@plinto.dev");
        assertThat(members(customer)).hasSize(1);
        assertThat(selling.trail()).doesNotContain("add_member");
    }

    @Test
    void ownerOrAdminWhoIsNoMember_isAddedOnce_asBillingManager() {
        String customer = team("usr_first", "first@plinto.dev");
        selling.fault("slow", "/customers/" + customer + "/members&seconds=1"); // so that the other one is faster

        List<CompletableFuture<HttpResponse<String>>> both = IntStream.range(0, 2)
                .mapToObj(n -> CompletableFuture.supplyAsync(() -> open("", selling.owner()))).toList();
        both.forEach(one -> json(one.join(), 200));

        List<JsonNode> added = members(customer).stream()
                .filter(member -> member.path("external_id").asText().equals("usr_1")).toList();
        assertThat(added).hasSize(1);
        assertThat(added.getFirst().path("role").asText()).isEqualTo("billing_manager");
        assertThat(selling.trail()).contains("add_member", "member " + added.getFirst().path("id").asText())
                .doesNotContain("owner@plinto.dev");
        await().atMost(SellingClient.PATIENCE).until(() -> !selling.database.column(
                "SELECT id FROM members WHERE id = ?", added.getFirst().path("id").asText()).isEmpty());
        assertThat(json(open("", selling.owner()), 200).path("portal_url").asText()).startsWith("http");
        assertThat(members(customer)).hasSize(2);
    }

    /// Who got a seat, and may manage the organization.
    @ParameterizedTest
    @ValueSource(strings = {"\"usr_1\"", "null"})
    void plainMember_becomesABillingManager(String user) {
        String customer = team("usr_first", "first@plinto.dev");
        String member = selling.polar("POST", "/customers/" + customer + "/members", """
                {"email":"owner@plinto.dev","external_id":%s,"role":"member"}
                """.formatted(user)).path("id").asText();
        awaitRole(member, "member");

        json(open("", selling.owner()), 200);

        assertThat(members(customer)).hasSize(2);
        assertThat(members(customer).getLast().path("role").asText()).isEqualTo("billing_manager");
        assertThat(selling.trail()).contains("change_member", "member " + member, "billing_manager");
        awaitRole(member, "billing_manager");
        selling.fault("broken", "/customers/"); // which need not be asked any more
        json(open("", selling.owner()), 200);
        selling.endFaults();
        assertThat(members(customer).getFirst().path("role").asText()).isEqualTo("owner");
    }

    private void awaitRole(String member, String role) {
        await().atMost(SellingClient.PATIENCE).until(() -> selling.database.column(
                "SELECT role FROM members WHERE id = ?", member).equals(List.of(role)));
    }

    @Test
    void memberWhoWasDeleted_isAddedAgain() {
        String customer = team("usr_first", "first@plinto.dev");
        json(open("", selling.owner()), 200);
        selling.fault("deliveries", "drop", "member.deleted");
        String added = members(customer).getLast().path("id").asText();
        selling.polar("DELETE", "/customers/" + customer + "/members/" + added, "");

        json(open("", selling.owner()), 200);

        assertThat(members(customer).getLast().path("external_id").asText()).isEqualTo("usr_1");
        assertThat(members(customer).getLast().path("id").asText()).isNotEqualTo(added);
    }

    @Test
    void memberWithoutUser_isWhoHasTheAddress_ifThatIsProved() {
        String customer = team(null, "owner@plinto.dev");
        String unproved = selling.bearer("org_id", selling.organization, "org_role", "owner", "email",
                "Owner@plinto.dev", "email_verified", false);

        assertProblem(open("", unproved), 409, "email-taken");
        json(open("", selling.owner()), 200);

        assertThat(members(customer)).hasSize(1);
    }

    @Test
    void addressOfAnotherUsersMember_opensNothing() {
        String customer = team("usr_other", "owner@plinto.dev");

        assertProblem(open("", selling.owner()), 409, "email-taken");

        assertThat(members(customer)).hasSize(1);
    }

    @Test
    void visitorWithoutAddress_isToldSo_unlessTheyAreAMember() {
        team("usr_1", "owner@plinto.dev");
        String admin = selling.bearer("org_id", selling.organization, "org_role", "admin");
        String other = selling.bearer("sub", "usr_2", "org_id", selling.organization, "org_role", "admin");

        json(open("", admin), 200);
        assertProblem(open("", other), 409, "email-missing");
        assertProblem(open("&user_id=usr_2", selling.service("billing:write")), 409, "email-missing");
        assertProblem(open("", selling.service("billing:write")), 409, "email-missing");
    }

    @Test
    void service_namesWhoVisits() {
        String customer = team("usr_1", "owner@plinto.dev");
        String service = selling.service("billing:write");

        json(open("&user_id=usr_1", service), 200);
        json(open("&customer_email=OWNER@plinto.dev", service), 200);
        assertThat(members(customer)).hasSize(1);
        json(open("&user_id=usr_2&customer_email=second@plinto.dev", service), 200);
        assertThat(members(customer).getLast().path("email").asText()).isEqualTo("second@plinto.dev");
    }

    @Test
    void individualCustomer_needsNoMember_alsoWithTwoOwners() {
        String customer = selling.trigger("purchase", selling.organization).path("customer_id").asText();
        json(open("", selling.owner()), 200);
        selling.fault("business", "second-owner", customer);
        selling.polar("PATCH", "/customers/" + customer, "{\"email\":\"corrected@plinto.dev\"}");
        assertThat(members(customer)).extracting(member -> member.path("role").asText())
                .containsExactly("owner", "owner");

        JsonNode portal = json(open("", selling.owner()), 200);

        assertThat(portal.path("portal_url").asText()).startsWith("http");
    }

    @Test
    void whoNeverBought_hasNoPortal_andOfOthersNoneIsOpened() {
        assertProblem(open("", selling.owner()), 404, "no-customer");

        String others = selling.trigger("purchase", "other-" + selling.organization).path("subscription_id").asText();
        assertThat(await().atMost(SellingClient.PATIENCE).until(() -> selling.database.column(
                "SELECT customer_id FROM subscriptions WHERE id = ?", others), found -> !found.isEmpty())).hasSize(1);
        selling.database.execute("""
                INSERT INTO subscriptions (id, customer_id, account)
                SELECT 'for-' || id, customer_id, ? FROM subscriptions WHERE id = ?
                """, selling.organization, others);

        assertProblem(open("", selling.owner()), 409, "customer-shared");
    }

    @Test
    void deletedCustomer_isNone() {
        String customer = team("usr_1", "owner@plinto.dev");
        selling.fault("deliveries", "drop", "customer.deleted");
        selling.polar("DELETE", "/customers/" + customer, "");

        assertProblem(open("", selling.owner()), 404, "no-customer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example/", "//evil", "javascript:alert(1)", "https://127.0.0.1@evil.example"})
    void returnToElsewhere_isRefusedBeforePolarIsAsked(String url) {
        assertProblem(open("&return_url=" + encoded(url), selling.owner()), 422, "url-not-allowed");
    }

    @Test
    void portal_leadsBack() {
        team("usr_1", "owner@plinto.dev");

        JsonNode portal = json(open("&return_url=" + encoded("/sandbox/polar"), selling.owner()), 200);

        assertThat(page(portal)).contains("/sandbox/polar\"");
    }

    @Test
    void others_areRefused() {
        team("usr_1", "owner@plinto.dev");

        assertProblem(open("", selling.member()), 403, "role-not-allowed");
        assertProblem(open("", selling.stranger()), 403, "organization-not-allowed");
        assertProblem(open("&user_id=usr_1", selling.owner()), 403, "service-only", "fields");
        assertProblem(open("&customer_email=a@plinto.dev", selling.owner()), 403, "service-only", "fields");
        assertProblem(open("&user_id=" + encoded("a\u0000b"), selling.service("billing:write")), 400,
                "parameter-invalid");
        assertProblem(open("&customer_email=nobody", selling.service("billing:write")), 400, "parameter-invalid");
        assertProblem(selling.call(OPEN, List.of(), "", "", "authorization", selling.owner()), 400,
                "parameter-missing");
        assertProblem(selling.call(OPEN, List.of(), "?organization_id=" + selling.organization, ""), 401,
                "token-not-accepted");
        assertProblem(open("", selling.owner(), "accept", "image/png"), 406, "http-406");
    }

    @Test
    void whatPolarAnswers_isToldAsItIs() {
        String customer = team("usr_first", "first@plinto.dev");

        HttpResponse<String> refused = open("", selling.bearer("org_id", selling.organization, "org_role", "owner",
                "email", "no address", "email_verified", true));
        assertProblem(refused, 422, "provider-refused", "provider", "errors");
        assertThat(json(refused).at("/errors/0/field").asText()).isEqualTo("email");
        selling.fault("broken", SESSIONS);
        assertProblem(open("", selling.owner()), 503, "provider-unavailable");
        selling.fault("unauthorized", SESSIONS);
        assertProblem(open("", selling.owner()), 503, "provider-not-configured");
        selling.fault("business", "members-off", customer);
        HttpResponse<String> off = open("", selling.bearer("sub", "usr_off", "org_id", selling.organization,
                "org_role", "owner", "email", "off@plinto.dev"));
        assertProblem(off, 503, "provider-not-configured");
        assertThat(json(off).path("detail").asText()).contains("member model", "POLAR_CUSTOMER_TYPE");
        selling.fault("cut", "/customers/" + customer + "/members");
        assertProblem(open("", selling.bearer("sub", "usr_cut", "org_id", selling.organization, "org_role", "owner",
                "email", "cut@plinto.dev")), 503, "provider-unavailable");
        assertThat(selling.trail()).contains("unknown: the provider did not answer");
        selling.fault("too-many-requests", SESSIONS + "&seconds=1");
        HttpResponse<String> limited = open("", selling.owner());
        assertProblem(limited, 429, "too-many-requests");
        assertThat(limited.headers().firstValue("retry-after")).isPresent();
        await().atMost(SellingClient.PATIENCE).until(() -> open("", selling.owner()).statusCode() == 200);
    }

    /// The organization's own customer.
    private String team(String user, String email) {
        return selling.polar("POST", "/customers/", """
                {"type":"team","external_id":"%s","owner":{"email":"%s","external_id":%s}}
                """.formatted(selling.organization, email, user == null ? "null" : '"' + user + '"')).path("id")
                .asText();
    }

    private List<JsonNode> members(String customer) {
        return selling.polar("/customers/" + customer + "/members?sorting=created_at").path("items").valueStream()
                .toList();
    }

    private HttpResponse<String> open(String query, String authorization, String... headers) {
        return selling.call(OPEN, List.of(), "?organization_id=" + selling.organization + query, "",
                SellingClient.with(authorization, headers));
    }

    private String page(JsonNode portal) {
        String url = portal.path("portal_url").asText();
        return selling.send("GET", url, "").body();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
