package dev.plinto.polar.sandbox.polar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Seats over HTTP.
class SeatOperationsTest extends PolarApiClient {

    private final UUID subscription = polar.checkouts().purchaseSeats(customer, 2, Map.of());

    @Test
    void seat_isAssigned_invitedAgain_andClaimed() throws IOException {
        polar.takeEvents();

        HttpResponse<String> assigned = assign("email", "a@customer.example");

        assertThat(assigned.statusCode()).isEqualTo(200);
        UUID seat = UUID.fromString(json(assigned).get("id").asText());
        byte[] told = polar.takeEvents().stream()
                .filter(event -> event.type().equals("customer_seat.assigned")).findFirst().orElseThrow().body();
        assertThat(json(assigned)).isEqualTo(JSON.readTree(told).get("data"));
        assertThat(assigned.body()).doesNotContain(tokenOf(seat));
        assertThat(json(assigned).get("customer_id").asText()).as("the buyer").isEqualTo(customer.toString());
        assertThat(json(list("?subscription_id=" + subscription)).get("available_seats").asInt()).isEqualTo(1);
        assertThat(json(list("?subscription_id=" + subscription)).get("total_seats").asInt()).isEqualTo(2);
        assertThat(json(list("?subscription_id=" + subscription)).at("/seats/0")).isEqualTo(json(assigned));

        String old = tokenOf(seat);
        assertThat(send("POST", "/customer-seats/" + seat + "/resend", "").statusCode()).isEqualTo(200);
        assertThat(polar.takeEvents()).isEmpty();
        assertThat(tokenOf(seat)).isNotEqualTo(old);
        assertRefused(claim(old), 400, "InvalidInvitationToken");

        JsonNode info = json(anybody("GET", "/customer-seats/claim/" + tokenOf(seat), ""));
        assertThat(info.toString()).isEqualTo("{\"product_name\":\"Studio\",\"product_id\":\""
                + polar.catalogue().studio() + "\",\"organization_name\":\"Plinto (sandbox)\","
                + "\"organization_slug\":\"plinto-sandbox\",\"customer_email\":\"a@customer.example\","
                + "\"can_claim\":true}");
        String token = tokenOf(seat);
        HttpResponse<String> claimed = claim(token);
        assertThat(claimed.statusCode()).isEqualTo(200);
        assertThat(json(claimed).at("/seat/status").asText()).isEqualTo("claimed");
        assertThat(json(claimed).get("customer_session_token").asText()).startsWith("polar_mst_");
        assertThat(emitted()).containsExactly("customer_seat.claimed", "benefit_grant.created",
                "benefit_grant.created", "customer.state_changed");

        assertRefused(claim(token), 400, "InvalidInvitationToken");
        assertRefused(anybody("GET", "/customer-seats/claim/" + token, ""), 404, "ResourceNotFound");
        assertRefused(send("POST", "/customer-seats/" + seat + "/resend", ""), 400, "SeatNotPending");
    }

    @Test
    void seatThatIsClaimedAtOnce_hasNoInvitation() {
        String invited = json(assign("email", "b@customer.example")).get("id").asText();
        send("DELETE", "/customer-seats/" + invited, "");
        polar.takeEvents();

        JsonNode seat = json(post(body("email", "a@customer.example").put("immediate_claim", true)));

        assertThat(seat.get("status").asText()).isEqualTo("claimed");
        assertThat(seat.get("invitation_token_expires_at").isNull()).isTrue();
        assertThat(emitted()).containsExactly("member.created", "customer_seat.claimed", "benefit_grant.created",
                "benefit_grant.created", "customer.state_changed");
    }

    @Test
    void revokedSeat_isNobodys_andItsRowIsUsedAgain() {
        JsonNode seat = json(post(body("email", "a@customer.example").put("immediate_claim", true)));
        polar.takeEvents();

        HttpResponse<String> revoked = send("DELETE", "/customer-seats/" + seat.get("id").asText(), "");

        assertThat(revoked.statusCode()).isEqualTo(200);
        for (String field : List.of("customer_id", "member_id", "member", "email")) {
            assertThat(json(revoked).get(field).isNull()).as(field).isTrue();
        }
        assertThat(emitted()).containsExactly("customer_seat.revoked", "benefit_grant.revoked",
                "benefit_grant.revoked", "customer.state_changed");
        assertThat(send("DELETE", "/customer-seats/" + seat.get("id").asText(), "").body()).as("again")
                .isEqualTo(revoked.body());
        assertThat(polar.takeEvents()).isEmpty();
        assertThat(json(assign("email", "b@customer.example")).get("id")).isEqualTo(seat.get("id"));
        assertThat(send("DELETE", "/customer-seats/" + UUID.randomUUID(), "").statusCode()).isEqualTo(404);
    }

    @Test
    void person_isNamedInAnyOfPolarsWays() {
        UUID other = polar.customers().create("org-2");
        String first = json(assign("external_customer_id", "org-2")).get("id").asText();
        assertThat(json(list("?subscription_id=" + subscription)).at("/seats/0/email").asText())
                .isEqualTo(json(get("/customers/" + other)).get("email").asText());
        polar.takeEvents();
        assertRefused(assign("customer_id", other.toString()), 400, "SeatAlreadyAssigned");
        send("DELETE", "/customer-seats/" + first, "");

        UUID member = polar.customers().addMember(customer, "m@customer.example");
        polar.takeEvents();
        String second = json(assign("member_id", member.toString())).get("id").asText();
        assertThat(emitted()).containsExactly("customer_seat.assigned");
        assertRefused(assign("email", "M@customer.example"), 400, "SeatAlreadyAssigned");
        send("DELETE", "/customer-seats/" + second, "");

        JsonNode third = json(post(body("external_member_id", "usr_7").put("email", "n@customer.example")));
        assertThat(third.at("/member/external_id").asText()).isEqualTo("usr_7");
        send("DELETE", "/customer-seats/" + third.get("id").asText(), "");
        assertThat(json(assign("external_member_id", "usr_7")).get("member_id")).isEqualTo(third.get("member_id"));
        polar.takeEvents();
        assertRefused(post(body("external_member_id", "usr_7").put("email", "x@customer.example")), 400,
                "MemberEmailMismatch");
        assertRefused(assign("external_member_id", "usr_8"), 404, "ResourceNotFound");
        assertRefused(assign("member_id", UUID.randomUUID().toString()), 404, "ResourceNotFound");
        assertRefused(assign("external_customer_id", "org-3"), 404, "CustomerNotFound");
        assertRefused(post(body("member_id", member.toString()).put("email", "x@customer.example")), 400,
                "InvalidSeatAssignmentRequest");
        assertRefused(post(JSON.createObjectNode().put("subscription_id", subscription.toString())), 400,
                "InvalidSeatAssignmentRequest");
    }

    @Test
    void seat_isThereOnlyWhereOneIsFree() {
        assign("email", "a@customer.example");
        assign("email", "b@customer.example");
        UUID without = polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        UUID order = polar.checkouts().purchase(customer, polar.catalogue().onboarding(), Map.of());
        polar.takeEvents();

        assertRefused(assign("email", "c@customer.example"), 400, "SeatNotAvailable");
        assertRefused(post(JSON.createObjectNode().put("subscription_id", without.toString())
                .put("email", "c@customer.example")), 400, "SeatNotAvailable");
        assertRefused(post(JSON.createObjectNode().put("order_id", order.toString())
                .put("email", "c@customer.example")), 400, "SeatNotAvailable");
        assertRefused(post(JSON.createObjectNode().put("email", "c@customer.example")), 400, "BadRequest");
        assertRefused(list(""), 400, "BadRequest");
        assertThat(list("?order_id=" + order).body())
                .isEqualTo("{\"seats\":[],\"available_seats\":0,\"total_seats\":0}");
        assertThat(list("?subscription_id=" + without).body())
                .isEqualTo("{\"seats\":[],\"available_seats\":0,\"total_seats\":0}");
        assertThat(list("?order_id=" + UUID.randomUUID()).statusCode()).isEqualTo(404);
        assertThat(list("?subscription_id=x").statusCode()).isEqualTo(422);
    }

    @Test
    void checkout_leadsToWhatWasBoughtWithIt() {
        String checkout = json(get("/subscriptions/" + subscription)).get("checkout_id").asText();

        JsonNode seat = json(post(JSON.createObjectNode().put("checkout_id", checkout)
                .put("email", "a@customer.example")));

        assertThat(seat.get("subscription_id").asText()).isEqualTo(subscription.toString());
        assertThat(post(JSON.createObjectNode().put("checkout_id", UUID.randomUUID().toString())
                .put("email", "b@customer.example")).statusCode()).isEqualTo(404);
    }

    @Test
    void invitation_lastsADay_alsoOverARestart() throws IOException {
        String seat = json(assign("email", "a@customer.example")).get("id").asText();
        String token = tokenOf(UUID.fromString(seat));
        Instant now = Instant.parse("2026-11-03T08:00:00Z");

        SimulatedPolar soon = SimulatedPolar.restored(
                polar.saved(), InstantSource.fixed(now.plus(Duration.ofHours(23))), new Random(1));
        assertThat(soon.seatAssignments().invitation(token)).isPresent();
        SimulatedPolar late = SimulatedPolar.restored(
                polar.saved(), InstantSource.fixed(now.plus(Duration.ofHours(25))), new Random(1));
        assertThat(late.seatAssignments().invitation(token)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
            "email, nobody, value_error", "email, 7, string_type", "subscription_id, x, uuid_parsing",
            "member_id, x, uuid_parsing", "immediate_claim, yes, bool_type", "metadata, x, model_attributes_type"
    })
    void invalidField_isNamed(String field, String value, String rule) throws IOException {
        ObjectNode body = body("email", "a@customer.example");
        body.set(field, JSON.readTree(value.equals("7") ? value : "\"" + value + "\""));

        JsonNode detail = json(post(body)).at("/detail/0");

        assertThat(detail.get("loc").toString()).isEqualTo("[\"body\",\"" + field + "\"]");
        assertThat(detail.get("type").asText()).isEqualTo(rule);
    }

    @Test
    void metadata_isShort() {
        ObjectNode body = body("email", "a@customer.example");
        body.putObject("metadata").put("desk", "12");
        assertThat(json(post(body)).at("/seat_metadata/desk").asText()).isEqualTo("12");

        ObjectNode many = body("email", "b@customer.example");
        ObjectNode metadata = many.putObject("metadata");
        for (int i = 0; i < 11; i++) {
            metadata.put("key" + i, i);
        }
        assertThat(post(many).statusCode()).isEqualTo(422);
    }

    private HttpResponse<String> list(String query) {
        return get("/customer-seats" + query);
    }

    private HttpResponse<String> assign(String field, String value) {
        return post(body(field, value));
    }

    private ObjectNode body(String field, String value) {
        return JSON.createObjectNode().put("subscription_id", subscription.toString()).put(field, value);
    }

    private HttpResponse<String> post(ObjectNode body) {
        return send("POST", "/customer-seats", body.toString());
    }

    private HttpResponse<String> claim(String token) {
        return anybody("POST", "/customer-seats/claim", "{\"invitation_token\":\"" + token + "\"}");
    }

    /// Without a token.
    private HttpResponse<String> anybody(String method, String path, String body) {
        return send(HttpRequest.newBuilder(URI.create(server.apiUrl() + path))
                .method(method, BodyPublishers.ofString(body)));
    }

    private String tokenOf(UUID seat) {
        return polar.seatAssignments().tokenOf(seat).orElseThrow();
    }
}
