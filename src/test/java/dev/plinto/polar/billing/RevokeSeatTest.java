package dev.plinto.polar.billing;

import static dev.plinto.polar.billing.SellingClient.json;
import static dev.plinto.polar.billing.SellingClient.with;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

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

/// Seats that are taken away, at the simulated Polar over real HTTP, broker and database.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SellingStack.class)
class RevokeSeatTest {

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
        SellingClient.assertEveryAnswerCame(SeatClient.REVOKE);
    }

    @Test
    void revokedSeat_isFree_andStaysSo() {
        String seat = seats.firstId();

        JsonNode revoked = json(seats.revoke(seat, selling.owner()), 200);

        assertThat(revoked.path("seat_id").asText()).isEqualTo(seat);
        assertThat(revoked.path("status").asText()).isEqualTo("revoked");
        assertThat(revoked.path("email").isNull()).isTrue();
        assertThat(revoked.path("projected").asBoolean()).isTrue();
        assertThat(seats.list().path("items")).isEmpty();
        assertThat(seats.list().path("available_seats").asInt()).isEqualTo(3);
        assertThat(json(seats.revoke(seat, selling.service("billing:write"), "again"), 200)).isEqualTo(revoked);
        assertThat(selling.trail()).contains("revoke_seat", "seat " + seat);
    }

    @Test
    void twoAtOnce_bothCount() {
        String second = json(seats.assign("{\"email\":\"two@customer.example\"}", selling.owner()), 201)
                .path("seat_id").asText();

        List<CompletableFuture<HttpResponse<String>>> both = Stream.of(seats.firstId(), second)
                .map(seat -> CompletableFuture.supplyAsync(() -> seats.revoke(seat, selling.owner()))).toList();

        both.forEach(one -> json(one.join(), 200));
        assertThat(seats.taken()).isZero();
    }

    @Test
    void seatOfAnotherSubscription_isUnknown_andKept() {
        SellingClient others = new SellingClient(service);
        SeatClient theirs = new SeatClient(others);
        String seat = theirs.firstId();

        assertProblem(seats.revoke(seat, selling.owner()), 404, "seat-unknown");
        selling.database.execute("DELETE FROM seats WHERE id = ?", seat); // Polar's event is still on its way
        assertProblem(seats.revoke(seat, selling.owner()), 404, "seat-unknown");

        assertThat(theirs.taken()).isEqualTo(1);
        assertProblem(selling.call(SeatClient.REVOKE, List.of(theirs.subscription, seat), "", "",
                with(selling.owner())), 404, "subscription-unknown");
        assertProblem(seats.revoke("none", selling.owner()), 404, "seat-unknown");
        assertProblem(seats.revoke("%00", selling.owner()), 404, "seat-unknown");
    }

    @Test
    void seatThatIsNotProjectedYet_isRevoked() {
        String seat = seats.firstId();
        selling.database.execute("DELETE FROM seats WHERE id = ?", seat);

        json(seats.revoke(seat, selling.owner()), 200);

        assertThat(seats.taken()).isZero();
    }

    @Test
    void answerThatIsLost_isTheSameOnTheNextTry() {
        String seat = seats.firstId();
        selling.fault("cut", "/customer-seats/");

        assertProblem(seats.revoke(seat, selling.owner(), "lost"), 503, "provider-unavailable");
        assertThat(json(seats.revoke(seat, selling.owner(), "lost"), 200).path("status").asText())
                .isEqualTo("revoked");
        assertThat(seats.list().path("items")).isEmpty();
    }

    @Test
    void requestThatDidNotArrive_isDoneByTheNextTry() {
        String seat = seats.firstId();
        selling.fault("broken", "/customer-seats/");

        assertProblem(seats.revoke(seat, selling.owner(), "lost"), 503, "provider-unavailable");
        json(seats.revoke(seat, selling.owner(), "lost"), 200);

        assertThat(seats.taken()).isZero();
    }

    /// Polar uses the seat again, with its id.
    @Test
    void nextTry_doesNotTakeTheSeatFromWhoGotItMeanwhile() {
        String seat = seats.firstId();
        selling.fault("cut", "/customer-seats/");
        assertProblem(seats.revoke(seat, selling.owner(), "lost"), 503, "provider-unavailable");
        JsonNode next = json(seats.assign("{\"user_id\":\"usr_next\",\"email\":\"next@customer.example\"}",
                selling.owner()), 201);
        assertThat(next.path("seat_id").asText()).isEqualTo(seat);

        assertProblem(seats.revoke(seat, selling.owner(), "lost"), 409, "seat-reassigned");

        assertThat(seats.taken()).isEqualTo(1);
    }

    @Test
    void others_areRefused() {
        String seat = seats.firstId();
        assertProblem(seats.revoke(seat, selling.member()), 403, "role-not-allowed");
        assertProblem(seats.revoke(seat, selling.service("billing:read")), 403, "role-not-allowed");
        assertProblem(seats.revoke(seat, selling.stranger()), 404, "subscription-unknown");
        assertThat(seats.taken()).isEqualTo(1);
    }

    @Test
    void callThatIsNotMadeAsDocumented_isRefused() {
        List<String> ids = List.of(seats.subscription, seats.firstId());
        assertProblem(selling.call(SeatClient.REVOKE, ids, "", ""), 401, "token-not-accepted");
        assertProblem(selling.call(SeatClient.REVOKE, ids, "?x=1", "", with(selling.owner())), 400,
                "parameter-invalid");
        assertProblem(selling.call(SeatClient.REVOKE, ids, "", "", with(selling.owner(), "accept", "image/png")),
                406, "http-406");
        assertProblem(seats.revoke(ids.getLast(), selling.owner(), "a\tb"), 400, "idempotency-key-invalid");
    }

    @Test
    void requestThatIsUnderWay_isNotDoneTwice() {
        String seat = seats.firstId();
        seats.assertSecondIsInProgress(() -> seats.revoke(seat, selling.owner(), "twice"));
    }

    @Test
    void failuresOfPolar_areTold() {
        String seat = seats.firstId();
        selling.fault("too-many-requests", "/customer-seats&seconds=1");
        assertProblem(seats.revoke(seat, selling.owner()), 429, "too-many-requests");
        selling.fault("unauthorized", "/customer-seats");
        assertProblem(seats.revoke(seat, selling.owner(), "401"), 503, "provider-not-configured");
        assertThat(seats.taken()).isEqualTo(1);
    }
}
