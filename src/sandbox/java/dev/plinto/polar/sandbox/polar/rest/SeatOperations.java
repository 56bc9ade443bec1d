package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.polar.ListedObject;
import dev.plinto.polar.sandbox.polar.Refusal;
import dev.plinto.polar.sandbox.polar.SeatAssignments;
import dev.plinto.polar.sandbox.polar.SeatAssignments.Invitation;
import dev.plinto.polar.sandbox.polar.SeatAssignments.Person;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.provider.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The seats of subscriptions. Orders are not sold by the seat here, and have none.
final class SeatOperations {

    private static final int METADATA_KEYS = 10;
    private static final int METADATA_CHARACTERS = 1_024;

    private final SimulatedPolar polar;
    private final SeatAssignments assignments;

    SeatOperations(SimulatedPolar polar) {
        this.polar = polar;
        assignments = polar.seatAssignments();
    }

    List<Operation> all() {
        return List.of(
                Operation.of("GET", "/customer-seats", this::list),
                Operation.of("POST", "/customer-seats", this::assign),
                Operation.of("DELETE", "/customer-seats/{seat_id}", this::revoke),
                Operation.of("POST", "/customer-seats/{seat_id}/resend", this::inviteAgain),
                Operation.forAnybody("GET", "/customer-seats/claim/{invitation_token}", this::claimInfo),
                Operation.forAnybody("POST", "/customer-seats/claim", this::claim));
    }

    private Answer list(Request request) {
        request.onlyWith("subscription_id", "order_id");
        Optional<JsonNode> subscription = container(id(request, "subscription_id"), id(request, "order_id"));
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode seats = body.putArray("seats");
        if (subscription.isEmpty()) {
            return Answer.ok(body.put("available_seats", 0).put("total_seats", 0));
        }
        UUID id = UUID.fromString(subscription.get().get("id").textValue());
        polar.records().seats()
                .filter(seat -> id.equals(seat.keys().get("subscription_id")))
                .forEach(seat -> seats.add(seat.json().get()));
        return Answer.ok(body
                .put("available_seats", polar.seats().free(id))
                .put("total_seats", subscription.get().get("seats").asInt()));
    }

    private Answer assign(Request request) {
        Body body = request.onlyWith().body();
        Optional<UUID> subscription = body.id("subscription_id");
        Optional<UUID> order = body.id("order_id");
        Optional<UUID> checkout = body.id("checkout_id");
        Person person = new Person(
                email(body).orElse(null), body.id("customer_id").orElse(null),
                body.text("external_customer_id").orElse(null), body.id("member_id").orElse(null),
                body.text("external_member_id").orElse(null));
        Map<String, Object> metadata = metadata(body);
        boolean claimed = body.flag("immediate_claim").orElse(false);
        body.check();
        UUID container = (checkout.isPresent() ? bought(checkout.get()) : container(subscription, order))
                .map(found -> UUID.fromString(found.get("id").textValue()))
                .orElseThrow(() -> new Refusal(400, "SeatNotAvailable", "The order has no seats."));
        return seat(assignments.assign(container, person, metadata, claimed));
    }

    private static Optional<String> email(Body body) {
        return body.text("email").filter(email -> {
            boolean valid = email.matches("[^@\\s]+@[^@\\s]+\\.[^@\\s]+");
            if (!valid) {
                body.refuse("email", "value_error", "value is not a valid email address");
            }
            return valid;
        });
    }

    private static Map<String, Object> metadata(Body body) {
        Map<String, Object> metadata = body.metadata("metadata").orElse(Map.of());
        if (metadata.size() > METADATA_KEYS || body.node("metadata").toString().length() > METADATA_CHARACTERS) {
            body.refuse("metadata", "value_error", "Metadata has at most " + METADATA_KEYS + " keys and 1 KB");
        }
        return metadata;
    }

    /// What was bought with a checkout; empty if it is an order.
    private Optional<JsonNode> bought(UUID checkout) {
        ListedObject order = polar.records().orders()
                .filter(listed -> checkout.equals(listed.keys().get("checkout_id")))
                .findFirst()
                .orElseThrow(PolarAnswers::unknownResource);
        return container(Optional.ofNullable((UUID) order.keys().get("subscription_id")), Optional.of(order.id()));
    }

    /// Empty if it is an order.
    private Optional<JsonNode> container(Optional<UUID> subscription, Optional<UUID> order) {
        if (subscription.isPresent()) {
            return Optional.of(Single.of(polar.records().subscriptions(), subscription.get()));
        }
        Single.of(polar.records().orders(), order.orElseThrow(
                () -> new Refusal(400, "BadRequest", "Either subscription_id or order_id must be provided")));
        return Optional.empty();
    }

    /// A revoked seat stays revoked.
    private Answer revoke(Request request) {
        UUID id = known(request);
        if (!isRevoked(id)) {
            polar.seats().revoke(id);
        }
        return seat(id);
    }

    private boolean isRevoked(UUID id) {
        return polar.records().seats().filter(seat -> seat.id().equals(id)).map(ListedObject::keys)
                .anyMatch(keys -> "revoked".equals(keys.get("status")));
    }

    private Answer inviteAgain(Request request) {
        UUID id = known(request);
        assignments.inviteAgain(id);
        return seat(id);
    }

    private Answer claimInfo(Request request) {
        Invitation invitation = assignments.invitation(request.onlyWith().path("invitation_token"))
                .orElseThrow(() -> new Refusal(404, "ResourceNotFound", "Invalid or expired invitation token"));
        return Answer.ok(JsonNodeFactory.instance.objectNode()
                .put("product_name", invitation.productName())
                .put("product_id", invitation.product().toString())
                .put("organization_name", invitation.organizationName())
                .put("organization_slug", invitation.organizationSlug())
                .put("customer_email", invitation.email())
                .put("can_claim", true));
    }

    private Answer claim(Request request) {
        Body body = request.onlyWith().body().require("invitation_token");
        Optional<String> token = body.text("invitation_token");
        body.check();
        Invitation invitation = assignments.invitation(token.orElseThrow()).orElseThrow(
                () -> new Refusal(400, "InvalidInvitationToken", "Invalid or expired invitation token"));
        String session = assignments.claim(invitation);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.set("seat", Single.of(polar.records().seats(), invitation.seat()));
        return Answer.ok(answer.put("customer_session_token", session));
    }

    private Answer seat(UUID id) {
        return Answer.ok(Single.of(polar.records().seats(), id));
    }

    private UUID known(Request request) {
        UUID id = request.onlyWith().id("seat_id");
        Single.of(polar.records().seats(), id);
        return id;
    }

    private static Optional<UUID> id(Request request, String parameter) {
        return request.query(parameter).map(value -> {
            try {
                return Parse.id(value);
            } catch (IllegalArgumentException e) {
                throw InvalidRequest.query(parameter, "uuid_parsing", value, "Input should be a valid UUID");
            }
        });
    }
}
