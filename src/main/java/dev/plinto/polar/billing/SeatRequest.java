package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.polar.api.PolarSeats.Holder;
import java.util.Optional;
import java.util.Set;

/// The body of a request for a seat: whom it is for.
///
/// @param sent as it came
record SeatRequest(Optional<String> email, Optional<String> userId, JsonNode sent) {

    private static final Set<String> FIELDS = Set.of("email", "user_id");
    private static final int LONGEST_ID = 500;

    /// Throws 400 `body-not-json`, or 422 `body-invalid` with every fault in `errors`.
    static SeatRequest read(String body) {
        Fields fields = new Fields(body, FIELDS);
        if (!fields.has("email") && !fields.has("user_id")) {
            fields.fault("email", "must be there, or user_id, or both");
        }
        SeatRequest request = new SeatRequest(fields.email("email"), fields.text("user_id", LONGEST_ID),
                fields.body());
        fields.requireFaultless();
        return request;
    }

    /// A user has the seat at once; who is known by an e-mail only is invited.
    Holder holder() {
        return userId.<Holder>map(user -> new Holder.User(user, email.orElse(null)))
                .orElseGet(() -> new Holder.Invited(email.orElseThrow()));
    }

    /// Whether Polar must know the user already.
    boolean isOfMember() {
        return userId.isPresent() && email.isEmpty();
    }

    /// Without the person.
    @Override
    public String toString() {
        return "SeatRequest";
    }
}
