package dev.plinto.polar.billing;

import static dev.plinto.polar.billing.SellingClient.json;
import static dev.plinto.polar.billing.SellingClient.with;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// An organization with a subscription of three seats, one of which is taken.
final class SeatClient {

    static final String ASSIGN = "POST /api/v1/polar/subscriptions/{subscription_id}/seats";
    static final String REVOKE = "DELETE /api/v1/polar/subscriptions/{subscription_id}/seats/{seat_id}";

    final String subscription;
    private final SellingClient selling;

    SeatClient(SellingClient selling) {
        this.selling = selling;
        subscription = selling.subscription("customer_seat.claimed");
        await().atMost(SellingClient.PATIENCE).until(() -> list().path("items").size() == 1);
    }

    HttpResponse<String> assign(String body, String authorization, String... key) {
        return assignOf(subscription, body, authorization, key);
    }

    /// @param key of the request; none if there is none
    HttpResponse<String> assignOf(String of, String body, String authorization, String... key) {
        return selling.call(ASSIGN, List.of(of), "", body, headers(authorization, key));
    }

    HttpResponse<String> revoke(String seat, String authorization, String... key) {
        return selling.call(REVOKE, List.of(subscription, seat), "", "", headers(authorization, key));
    }

    private static String[] headers(String authorization, String... key) {
        return key.length == 0 ? with(authorization) : with(authorization, "idempotency-key", key[0]);
    }

    JsonNode list() {
        return json(selling.call("GET /api/v1/polar/subscriptions/{subscription_id}/seats", List.of(subscription), "",
                "", with(selling.owner())));
    }

    /// The seat that was taken first.
    String firstId() {
        return list().at("/items/0/seat_id").asText();
    }

    /// The seat in the list, which has just been told with another answer; missing if it is not there.
    JsonNode listed(JsonNode told) {
        return list().path("items").valueStream().filter(seat -> seat.path("seat_id").equals(told.path("seat_id")))
                .findFirst().orElseThrow(() -> new AssertionError(told + " is not listed"));
    }

    static JsonNode withoutProjected(JsonNode seat) {
        return ((ObjectNode) seat.deepCopy()).without("projected");
    }

    /// How many seats are taken at Polar.
    int taken() {
        JsonNode seats = atPolar();
        return seats.path("total_seats").asInt() - seats.path("available_seats").asInt();
    }

    JsonNode atPolar() {
        return selling.polar("/customer-seats?subscription_id=" + subscription);
    }

    /// Sends a request twice at once, the second while Polar is still answering the first.
    void assertSecondIsInProgress(Supplier<HttpResponse<String>> request) {
        selling.fault("slow", "/customer-seats&seconds=2");
        CompletableFuture<HttpResponse<String>> first = CompletableFuture.supplyAsync(request);
        await().atMost(SellingClient.PATIENCE).until(() -> !selling.database.column(
                "SELECT id FROM idempotent_requests WHERE organization = ? AND answer IS NULL", selling.organization)
                .isEmpty());
        assertProblem(request.get(), 409, "request-in-progress");
        assertThat(first.join().statusCode()).isBetween(200, 201);
        assertThat(request.get().body()).isEqualTo(first.join().body());
    }
}
