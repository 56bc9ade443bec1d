package dev.plinto.polar.access;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/// A change that was decided and published, from the history.
///
/// @param key   the account or the subscription
/// @param state the message as it was published
record PublishedChange(Topic topic, String key, long version, Instant decidedAt, JsonNode state) {

    enum Topic { ENTITLEMENTS, SUBSCRIPTION }

    PublishedChange {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(decidedAt, "decidedAt");
        Objects.requireNonNull(state, "state");
    }

    /// Null where it says nothing of it.
    String text(String field) {
        return state.path(field).textValue();
    }

    Explanation.Cause cause() {
        JsonNode cause = state.path("cause");
        return new Explanation.Cause(cause.path("event_type").textValue(), cause.path("webhook_id").textValue(),
                cause.path("timestamp").textValue());
    }

    /// Whether the benefit came by it.
    boolean grants(String benefit) {
        return state.path("granted").valueStream().anyMatch(id -> benefit.equals(id.textValue()));
    }

    List<JsonNode> entitlements() {
        return state.path("entitlements").valueStream().toList();
    }
}
