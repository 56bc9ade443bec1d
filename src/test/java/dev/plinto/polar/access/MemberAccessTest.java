package dev.plinto.polar.access;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.testing.AppliedEvents;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.PolarsLists;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What one member may use: grants through what has seats count for their member alone.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class MemberAccessTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final Database DATABASE = Database.ofSandbox();
    private static final String AT = "2026-11-01T00:00:00Z";
    private static final String LATER = "2026-11-02T00:00:00Z";

    @TestHTTPResource("/")
    URI service;

    private final String unique = UUID.randomUUID().toString();
    private final String organization = "org-" + unique;
    private PlintoTokens tokens;
    private AppliedEvents polar;

    @BeforeEach
    void sell() {
        tokens = new PlintoTokens(service);
        polar = new AppliedEvents(service, DATABASE);
        PolarsLists.areRead(DATABASE);
        polar.deliver("customer.created", AT, """
                {"id":"cus-%s","external_id":"%s","deleted_at":null}""".formatted(unique, organization));
        member("anna");
        member("ben");
    }

    @Test
    void withoutSeats_everybodyHasTheWholeSet() throws IOException {
        subscription("flat", "null");
        grant("g1", "subscription_id", "flat", "anna", "exports");
        grant("g2", "subscription_id", "flat", "anna", "help");

        JsonNode whole = read("");
        for (String who : List.of("anna", "ben", "stranger")) {
            JsonNode own = read("&user_id=" + who + "-" + unique);
            assertThat(own.get("entitlements")).as(who).isEqualTo(whole.get("entitlements")).hasSize(2);
            assertThat(own.get("version")).isEqualTo(whole.get("version"));
            assertThat(own.get("cause")).isEqualTo(whole.get("cause"));
            assertThat(own.get("granted")).isEmpty();
            assertThat(own.properties()).extracting(Map.Entry::getKey)
                    .containsExactlyElementsOf(whole.properties().stream().map(Map.Entry::getKey).toList());
        }
    }

    @Test
    void grantThroughSeats_countsForItsMemberAlone() {
        subscription("team", "5");
        grant("g1", "subscription_id", "team", "anna", "exports");
        grant("g2", "subscription_id", "team", "ben", "help");

        assertThat(benefits("&user_id=anna-" + unique)).containsExactly("exports");
        assertThat(benefits("&member_id=m-ben-" + unique)).containsExactly("help");
        assertThat(benefits("&user_id=stranger")).isEmpty();
        assertThat(benefits("&member_id=stranger")).isEmpty();
        assertThat(benefits("")).containsExactly("exports", "help");
    }

    @Test
    void orderWithSeats_countsLikewise() {
        order("seats", "3");
        order("flat", "null");
        grant("g1", "order_id", "seats", "anna", "exports");
        grant("g2", "order_id", "flat", "anna", "help");

        assertThat(benefits("&user_id=anna-" + unique)).containsExactly("exports", "help");
        assertThat(benefits("&user_id=ben-" + unique)).containsExactly("help");
    }

    @Test
    void benefitOfTwoScopes_hasTheGrantsThatCount() {
        subscription("team", "5");
        subscription("flat", "null");
        grant("g1", "subscription_id", "team", "anna", "exports");
        grant("g2", "subscription_id", "flat", "ben", "exports");

        assertThat(read("&user_id=anna-" + unique).get("entitlements")).isEqualTo(read("").get("entitlements"));
        JsonNode bens = read("&user_id=ben-" + unique).at("/entitlements/0");
        assertThat(bens.get("grant_count").asInt()).isEqualTo(1);
        assertThat(bens.get("grants").findValuesAsText("grant_id")).containsExactly("g2-" + unique);
        assertThat(bens.get("grants_digest")).isNotEqualTo(read("").at("/entitlements/0/grants_digest"));
    }

    @Test
    void revokedSeat_takesItAway() {
        subscription("team", "5");
        grant("g1", "subscription_id", "team", "anna", "exports");

        polar.deliver("benefit_grant.revoked", LATER, """
                {"id":"g1-%1$s","customer_id":"cus-%1$s","subscription_id":"team-%1$s","member_id":"m-anna-%1$s",
                 "benefit_id":"exports","is_granted":false}""".formatted(unique));

        assertThat(benefits("&user_id=anna-" + unique)).isEmpty();
    }

    @Test
    void deletedMember_hasOnlyWhatCountsForAll() {
        subscription("team", "5");
        grant("g1", "subscription_id", "team", "anna", "exports");
        polar.deliver("member.deleted", LATER, """
                {"id":"m-anna-%1$s","customer_id":"cus-%1$s","external_id":"anna-%1$s"}""".formatted(unique));

        assertThat(benefits("&user_id=anna-" + unique)).isEmpty();
        assertThat(benefits("&member_id=m-anna-" + unique)).isEmpty();
    }

    /// It may have seats.
    @Test
    void grantThroughWhatIsNotKnownYet_countsForItsMemberAlone() {
        grant("g1", "subscription_id", "team", "anna", "exports");
        grant("g2", "order_id", "once", "anna", "help");
        // As an older release stores it: without seats.
        DATABASE.execute("UPDATE orders SET customer_id = ?, said_at = now(), said_by = 'x' WHERE id = ?",
                "cus-" + unique, "once-" + unique);

        assertThat(benefits("&user_id=anna-" + unique)).containsExactly("exports", "help");
        assertThat(benefits("&user_id=ben-" + unique)).isEmpty();

        subscription("team", "null");
        order("once", "null");

        assertThat(benefits("&user_id=ben-" + unique)).containsExactly("exports", "help");
    }

    /// A snapshot of the customer names neither subscription nor member.
    @Test
    void grantOfASnapshotAlone_countsForNobodyUntilItsScopeIsKnown() {
        subscription("team", "5");
        polar.deliver("customer.state_changed", AT, """
                {"id":"cus-%1$s","external_id":"%2$s","deleted_at":null,"active_subscriptions":[],"active_meters":[],
                 "granted_benefits":[{"id":"g1-%1$s","benefit_id":"exports","benefit_type":"custom",
                  "granted_at":"2026-11-01T00:00:00Z","benefit_metadata":{}}]}""".formatted(unique, organization));
        assertThat(benefits("")).containsExactly("exports");
        assertThat(benefits("&user_id=ben-" + unique)).isEmpty();

        grant("g1", "subscription_id", "team", "anna", "exports");

        assertThat(benefits("&user_id=anna-" + unique)).containsExactly("exports");
        assertThat(benefits("&user_id=ben-" + unique)).isEmpty();
    }

    @Test
    void manyGrants_areListedAsInTheMessage() {
        subscription("flat", "null");
        grant("g0", "subscription_id", "flat", "anna", "exports");
        DATABASE.execute("""
                INSERT INTO grants (id, customer_id, subscription_id, benefit_id, account, is_granted, said_at, said_by)
                SELECT 'many-' || lpad(i::text, 5, '0') || ?, customer_id, subscription_id, benefit_id, account, true,
                       said_at, said_by
                FROM grants, generate_series(1, 10000) AS i WHERE id = ?
                """, "-" + unique, "g0-" + unique);

        JsonNode own = read("&user_id=ben-" + unique).at("/entitlements/0");

        assertThat(own.get("grant_count").asInt()).isEqualTo(10_001);
        assertThat(own.get("grants")).hasSize(100);
        assertThat(own.get("grants").findValuesAsText("grant_id")).isSorted().first().asString().startsWith("g0-");
        DATABASE.execute("DELETE FROM grants WHERE id LIKE 'many-%'");
    }

    @Test
    void userOfAnotherOrganization_hasNothingHere() {
        subscription("team", "5");
        grant("g1", "subscription_id", "team", "anna", "exports");

        assertProblem(get("&user_id=anna-" + unique, tokens.of("org_id", "org-other")), 403,
                "organization-not-allowed");
        assertThat(get("&user_id=anna-" + unique, tokens.of("org_id", organization, "org_role", "viewer")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void unknownOrganization_hasAnEmptySet() throws IOException {
        String unknown = "org-" + UUID.randomUUID();

        assertThat(JSON.readTree(send(unknown, "&user_id=u", tokens.service("billing:read")).body()))
                .isEqualTo(JSON.readTree(send(unknown, "", tokens.service("billing:read")).body()));
    }

    @Test
    void userAndMember_areNotAskedForAtOnce() {
        String token = tokens.service("billing:read");
        assertProblem(get("&user_id=u&member_id=m", token), 400, "parameter-invalid");
        assertProblem(get("&user_id=%00", token), 400, "parameter-invalid");
        assertProblem(get("&member_id=" + "x".repeat(501), token), 400, "parameter-invalid");
    }

    private void member(String user) {
        polar.deliver("member.created", AT, """
                {"id":"m-%1$s-%2$s","customer_id":"cus-%2$s","external_id":"%1$s-%2$s"}""".formatted(user, unique));
    }

    private void subscription(String name, String seats) {
        polar.deliver("subscription.created", AT, """
                {"id":"%1$s-%2$s","customer_id":"cus-%2$s","status":"active","seats":%3$s,"metadata":{}}"""
                .formatted(name, unique, seats));
    }

    private void order(String name, String seats) {
        polar.deliver("order.paid", LATER, """
                {"id":"%1$s-%2$s","customer_id":"cus-%2$s","status":"paid","seats":%3$s,"metadata":{},
                 "created_at":"2026-11-01T00:00:00Z"}""".formatted(name, unique, seats));
    }

    private void grant(String name, String scope, String scopeName, String user, String benefit) {
        polar.deliver("benefit_grant.created", AT, """
                {"id":"%1$s-%6$s","customer_id":"cus-%6$s","%2$s":"%3$s-%6$s","member_id":"m-%4$s-%6$s",
                 "benefit_id":"%5$s","is_granted":true,"granted_at":"2026-11-01T00:00:00Z",
                 "benefit":{"id":"%5$s","type":"custom","description":"%5$s","metadata":{"feature":"%5$s"}}}"""
                .formatted(name, scope, scopeName, user, benefit, unique));
    }

    private List<String> benefits(String query) {
        return read(query).get("entitlements").findValuesAsText("benefit_id");
    }

    private JsonNode read(String query) {
        HttpResponse<String> answer = get(query, tokens.service("billing:read"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        try {
            return JSON.readTree(answer.body());
        } catch (IOException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }

    private HttpResponse<String> get(String query, String token) {
        return send(organization, query, token);
    }

    private HttpResponse<String> send(String of, String query, String token) {
        return HTTP.sendAsync(HttpRequest
                .newBuilder(service.resolve("/api/v1/polar/entitlements?organization_id=" + of + query))
                .header("authorization", "Bearer " + token).build(), BodyHandlers.ofString()).join();
    }
}
