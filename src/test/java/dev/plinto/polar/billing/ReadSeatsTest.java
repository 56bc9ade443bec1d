package dev.plinto.polar.billing;

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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ReadSeatsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final Database DATABASE = Database.ofSandbox();
    private static final String AT = "2026-11-01T00:00:00Z";
    private static final String LATER = "2026-11-02T00:00:00Z";

    @TestHTTPResource("/")
    URI service;

    private final String unique = UUID.randomUUID().toString();
    private final String organization = "org-" + unique;
    private final String subscription = "sub-" + unique;
    private PlintoTokens tokens;
    private AppliedEvents polar;

    @BeforeEach
    void connect() {
        tokens = new PlintoTokens(service);
        polar = new AppliedEvents(service, DATABASE);
        PolarsLists.areRead(DATABASE);
    }

    @Test
    void seats_areToldWithWhoHasThem() throws IOException {
        subscription("5");
        polar.deliver("member.created", AT, """
                {"id":"m1-%1$s","customer_id":"c","external_id":"usr_1","email":"anna@example.com"}"""
                .formatted(unique));
        seat("claimed", "a", AT, "\"member_id\":\"m1-" + unique + "\",\"claimed_at\":\"2026-10-05T00:00:00Z\"");
        seat("assigned", "b", AT, "\"status\":\"pending\",\"email\":\"ben@example.com\"");
        DATABASE.execute("INSERT INTO seats (id, subscription_id) VALUES (?, ?)", "z-" + unique, subscription);

        assertThat(JSON.readTree(get(admin()).body())).isEqualTo(JSON.readTree("""
                {"items":[{"seat_id":"a-%1$s","status":"claimed","member_id":"m1-%1$s","user_id":"usr_1",
                           "email":"anna@example.com","claimed_at":"2026-10-05T00:00:00.000000Z"},
                          {"seat_id":"b-%1$s","status":"pending","member_id":null,"user_id":null,
                           "email":"ben@example.com","claimed_at":null}],
                 "total_seats":5,"available_seats":3}""".formatted(unique)));
    }

    @Test
    void revokedSeat_isFreeAgain() throws IOException {
        subscription("2");
        seat("claimed", "a", AT, "");
        seat("claimed", "b", AT, "");
        seat("revoked", "a", LATER, "\"status\":\"revoked\",\"revoked_at\":\"2026-11-02T00:00:00Z\"");

        JsonNode seats = JSON.readTree(get(admin()).body());

        assertThat(seats.get("items").findValuesAsText("seat_id")).containsExactly("b-" + unique);
        assertThat(seats.get("available_seats").asInt()).isEqualTo(1);
    }

    @Test
    void subscriptionWithoutSeats_hasNone() throws IOException {
        subscription("null");

        assertThat(JSON.readTree(get(admin()).body())).isEqualTo(JSON.readTree("""
                {"items":[],"total_seats":null,"available_seats":null}"""));
    }

    @Test
    void fewerSeatsThanAreTaken_leaveNoneFree() throws IOException {
        subscription("1");
        seat("claimed", "a", AT, "");
        seat("claimed", "b", AT, "");

        assertThat(JSON.readTree(get(admin()).body()).get("available_seats").asInt()).isZero();
    }

    @Test
    void othersSubscription_isAnsweredAsAnUnknownOne() {
        subscription("5");
        DATABASE.execute("INSERT INTO subscriptions (id) VALUES (?)", "mentioned-" + unique);
        String other = tokens.of("org_id", "org-other", "org_role", "owner");

        HttpResponse<String> others = get(other);
        HttpResponse<String> unknown = send("unknown-" + unique, other);

        assertProblem(others, 404, "subscription-unknown");
        assertThat(others.body()).isEqualTo(unknown.body());
        assertProblem(send("mentioned-" + unique, tokens.service("billing:read")), 404, "subscription-unknown");
    }

    /// Not even a service that may act for every organization: it is none.
    @ParameterizedTest
    @ValueSource(strings = {"GET /seats", "POST /seats", "DELETE /seats/none"})
    void subscriptionOfAnUnlinkedCustomer_isNobodys(String call) {
        DATABASE.execute("INSERT INTO subscriptions (id, account, seats) VALUES (?, ?, 5)", subscription,
                "customer:" + unique);
        String[] methodAndPath = call.split(" ");

        assertProblem(send(methodAndPath[0], subscription + methodAndPath[1],
                tokens.service("billing:read billing:write")), 404, "subscription-unknown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%00", "a%0Ab", "%20"})
    void whatIsNoId_isUnknown(String id) {
        assertProblem(send(id, admin()), 404, "subscription-unknown");
    }

    @Test
    void onlyWhoManagesBilling_mayReadThem() {
        subscription("5");

        assertProblem(get(tokens.of("org_id", organization, "org_role", "member")), 403, "role-not-allowed");
        assertProblem(get(tokens.service("billing:write")), 403, "role-not-allowed");
        // An owner elsewhere, who is a member here.
        assertProblem(get(tokens.of("org_roles", Map.of(organization, "member", "org-2", "owner"))), 403,
                "role-not-allowed");
        assertThat(get(tokens.service("billing:read")).statusCode()).isEqualTo(200);
        assertThat(get(tokens.of("org_roles", Map.of(organization, "owner"))).statusCode()).isEqualTo(200);
    }

    private String admin() {
        return tokens.of("org_id", organization, "org_role", "admin");
    }

    private void subscription(String seats) {
        polar.deliver("subscription.created", AT, """
                {"id":"%s","customer_id":"cus-%s","status":"active","seats":%s,"metadata":{"organization_id":"%s"}}"""
                .formatted(subscription, unique, seats, organization));
    }

    private void seat(String event, String name, String at, String more) {
        polar.deliver("customer_seat." + event, at, """
                {"id":"%s-%s","subscription_id":"%s","created_at":"2026-10-01T00:00:00Z"%s%s}"""
                .formatted(name, unique, subscription, more.contains("status") ? "" : ",\"status\":\"claimed\"",
                        more.isEmpty() ? "" : "," + more));
    }

    private HttpResponse<String> get(String token) {
        return send(subscription, token);
    }

    private HttpResponse<String> send(String id, String token) {
        return send("GET", id + "/seats", token);
    }

    private HttpResponse<String> send(String method, String path, String token) {
        return HTTP.sendAsync(HttpRequest.newBuilder(service.resolve("/api/v1/polar/subscriptions/" + path))
                .method(method, method.equals("POST")
                        ? BodyPublishers.ofString("{\"user_id\":\"usr_1\"}")
                        : BodyPublishers.noBody())
                .header("content-type", "application/json").header("authorization", "Bearer " + token).build(),
                BodyHandlers.ofString()).join();
    }
}
