package dev.plinto.polar.billing;

import static dev.plinto.polar.billing.SellingClient.json;
import static dev.plinto.polar.billing.SellingClient.with;
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
import org.junit.jupiter.params.provider.ValueSource;

/// Seats that are given to people, at the simulated Polar over real HTTP, broker and database.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SellingStack.class)
class AssignSeatTest {

    @TestHTTPResource("/")
    URI service;

    private SellingClient selling;
    private SeatClient seats;

    @BeforeEach
    void buySeats() {
        selling = new SellingClient(service);
        seats = new SeatClient(selling);
    }

    @AfterEach
    void mend() {
        selling.endFaults();
    }

    @AfterAll
    static void everyAnswerCame() {
        SellingClient.assertEveryAnswerCame(SeatClient.ASSIGN);
    }

    @Test
    void user_hasTheSeatAtOnce_andTheListShowsIt() {
        HttpResponse<String> answer = seats.assign("{\"user_id\":\"usr_2\",\"email\":\"ben@customer.example\"}",
                selling.service("billing:write"));

        JsonNode seat = json(answer, 201);
        assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(seat.path("status").asText()).isEqualTo("claimed");
        assertThat(seat.path("user_id").asText()).isEqualTo("usr_2");
        assertThat(seat.path("email").asText()).isEqualTo("ben@customer.example");
        assertThat(seat.path("projected").asBoolean()).isTrue();
        assertThat(seats.listed(seat)).isEqualTo(SeatClient.withoutProjected(seat));
        assertThat(seats.list().path("available_seats").asInt()).isEqualTo(1);
        await().atMost(SellingClient.PATIENCE).until(() -> json(selling.send("GET",
                "/api/v1/polar/entitlements?organization_id=" + selling.organization + "&user_id=usr_2", "",
                with(selling.owner()))).path("entitlements").size() > 0);
    }

    @Test
    void whoIsNamedByAnEmailOnly_isInvited() {
        JsonNode seat = json(seats.assign("{\"email\":\"ann@customer.example\"}", selling.owner()), 201);

        assertThat(seat.path("status").asText()).isEqualTo("pending");
        assertThat(seat.path("user_id").isNull()).isTrue();
        assertThat(seats.listed(seat)).isEqualTo(SeatClient.withoutProjected(seat));
    }

    @Test
    void member_needsNoEmail() {
        JsonNode first = json(seats.assign(user("usr_3"), selling.owner()), 201);
        json(seats.revoke(first.path("seat_id").asText(), selling.owner()), 200);

        JsonNode again = json(seats.assign("{\"user_id\":\"usr_3\"}", selling.owner()), 201);

        assertThat(again.path("member_id")).isEqualTo(first.path("member_id"));
        assertThat(seats.listed(again)).isEqualTo(SeatClient.withoutProjected(again));
    }

    @Test
    void twoAtOnce_bothCount() {
        List<CompletableFuture<HttpResponse<String>>> both = Stream.of("usr_a", "usr_b")
                .map(user -> CompletableFuture.supplyAsync(() -> seats.assign(user(user), selling.owner()))).toList();

        both.forEach(one -> json(one.join(), 201));
        assertThat(seats.taken()).isEqualTo(3);
        assertProblem(seats.assign(user("usr_c"), selling.owner()), 409, "no-seat-left");
    }

    @Test
    void whatCannotBe_isNamed_andTakesNoSeat() {
        json(seats.assign(user("usr_4"), selling.owner()), 201);

        assertProblem(seats.assign("{\"user_id\":\"usr_4\"}", selling.owner()), 409, "already-assigned");
        assertProblem(seats.assign("{\"user_id\":\"usr_4\",\"email\":\"other@customer.example\"}", selling.owner()),
                409, "member-mismatch");
        assertProblem(seats.assign("{\"user_id\":\"usr_5\"}", selling.owner()), 422, "member-unknown");
        assertThat(seats.taken()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "completed-late"})
    void answerThatIsLost_isFoundByTheNextTry(String fault) {
        selling.fault(fault, "/customer-seats&seconds=1");

        assertProblem(seats.assign(user("usr_6"), selling.owner(), "lost"), 503, "provider-unavailable");
        JsonNode found = json(seats.assign(user("usr_6"), selling.owner(), "lost"), 201);

        assertThat(found.path("user_id").asText()).isEqualTo("usr_6");
        assertThat(seats.listed(found)).isEqualTo(SeatClient.withoutProjected(found));
        assertThat(seats.taken()).isEqualTo(2);
        assertThat(selling.trail()).contains("unknown: the provider did not answer");
    }

    @Test
    void seatOfAnEarlierRequest_isNotTakenForTheLostOne() {
        json(seats.assign(user("usr_7"), selling.owner()), 201);
        selling.fault("cut", "/customer-seats"); // refused, and the refusal is lost

        assertProblem(seats.assign("{\"user_id\":\"usr_7\"}", selling.owner(), "lost"), 503, "provider-unavailable");
        assertProblem(seats.assign("{\"user_id\":\"usr_7\"}", selling.owner(), "lost"), 409, "already-assigned");
    }

    @Test
    void subscriptionThatGivesNoSeats_saysWhy() {
        String other = selling.subscription("purchase");
        assertProblem(seats.assignOf(other, user("usr_8"), selling.owner()), 422, "not-sold-by-the-seat");

        JsonNode before = json(seats.assign(user("usr_0"), selling.owner(), "before"), 201);
        selling.polar("PATCH", "/subscriptions/" + seats.subscription, "{\"revoke\":true}");
        await().atMost(SellingClient.PATIENCE).until(() -> selling.database.column(
                "SELECT status FROM subscriptions WHERE id = ?", seats.subscription), List.of("canceled")::equals);
        assertProblem(seats.assign(user("usr_8"), selling.owner()), 409, "subscription-ended");
        assertThat(json(seats.assign(user("usr_0"), selling.owner(), "before"), 201)).isEqualTo(before);
    }

    @Test
    void others_areRefused() {
        assertProblem(seats.assign(user("usr_9"), selling.member()), 403, "role-not-allowed");
        assertProblem(seats.assign(user("usr_9"), selling.service("billing:read")), 403, "role-not-allowed");
        assertProblem(seats.assign(user("usr_9"), selling.stranger()), 404, "subscription-unknown");
        assertProblem(seats.assignOf("%00", user("usr_9"), selling.owner()), 404, "subscription-unknown");
        String gone = UUID.randomUUID().toString(); // at Polar
        know(gone);
        assertProblem(seats.assignOf(gone, user("usr_9"), selling.owner()), 404, "subscription-unknown");
        assertThat(seats.taken()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"email\":null}", "{\"email\":\"ben\"}", "{\"email\":\"a@b.example\\n\"}",
            "{\"user_id\":\"\"}", "{\"user_id\":7}", "{\"user_id\":\"usr_1\",\"role\":\"owner\"}"})
    void bodyThatIsNotValid_isRefused(String body) {
        assertProblem(seats.assign(body, selling.owner()), 422, "body-invalid", "errors");
    }

    @Test
    void callThatIsNotMadeAsDocumented_isRefused() {
        List<String> id = List.of(seats.subscription);
        assertProblem(selling.call(SeatClient.ASSIGN, id, "", user("usr_1")), 401, "token-not-accepted");
        assertProblem(selling.call(SeatClient.ASSIGN, id, "?x=1", user("usr_1"), with(selling.owner())), 400,
                "parameter-invalid");
        assertProblem(selling.call(SeatClient.ASSIGN, id, "", user("usr_1"),
                with(selling.owner(), "accept", "image/png")), 406, "http-406");
        assertProblem(seats.assign("[]", selling.owner()), 400, "body-not-json");
        assertProblem(seats.assign(user("usr_1"), selling.owner(), "a\tb"), 400, "idempotency-key-invalid");
        json(seats.assign(user("usr_1"), selling.owner(), "key"), 201);
        assertProblem(seats.assign(user("usr_2"), selling.owner(), "key"), 422, "idempotency-key-reused");
    }

    @Test
    void requestThatIsUnderWay_isNotDoneTwice() {
        seats.assertSecondIsInProgress(() -> seats.assign(user("usr_1"), selling.owner(), "twice"));

        assertThat(seats.taken()).isEqualTo(2);
    }

    @Test
    void failuresOfPolar_areTold() {
        selling.fault("too-many-requests", "/customer-seats&seconds=1");
        assertProblem(seats.assign(user("usr_1"), selling.owner()), 429, "too-many-requests");
        selling.fault("unauthorized", "/customer-seats");
        assertProblem(seats.assign(user("usr_1"), selling.owner(), "401"), 503, "provider-not-configured");
        know("no-uuid-" + selling.organization);
        assertProblem(seats.assignOf("no-uuid-" + selling.organization, user("usr_1"), selling.owner()), 422,
                "provider-refused", "provider", "errors");
    }

    @Test
    void trail_namesNobody() {
        JsonNode seat = json(seats.assign(user("usr_private"), selling.owner()), 201);

        assertThat(selling.trail()).contains("assign_seat", "subscription " + seats.subscription,
                "seat " + seat.path("seat_id").asText()).doesNotContain("usr_private");
    }

    /// A subscription of the organization that Polar does not have.
    private void know(String subscription) {
        selling.database.execute("INSERT INTO subscriptions (id, account, seats) VALUES (?, ?, 5)", subscription,
                selling.organization);
    }

    private static String user(String id) {
        return "{\"user_id\":\"%s\",\"email\":\"%s@customer.example\"}".formatted(id, id);
    }
}
