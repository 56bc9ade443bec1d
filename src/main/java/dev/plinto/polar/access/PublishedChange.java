package dev.plinto.polar.access;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A published change, from the history.
///
/// @param key   the account or the subscription
/// @param state the published message
record PublishedChange(Topic topic, String key, long version, Instant decidedAt, JsonNode state) {

    enum Topic { ENTITLEMENTS, SUBSCRIPTION }

    PublishedChange {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(decidedAt, "decidedAt");
        Objects.requireNonNull(state, "state");
    }

    /// Null if the message has no such text.
    @Nullable
    String text(String field) {
        return state.path(field).textValue();
    }

    Explanation.Cause cause() {
        JsonNode cause = state.path("cause");
        return new Explanation.Cause(cause.path("event_type").textValue(), cause.path("webhook_id").textValue(),
                cause.path("timestamp").textValue());
    }

    /// Whether this change granted the benefit.
    boolean grants(String benefit) {
        return state.path("granted").valueStream().anyMatch(id -> benefit.equals(id.textValue()));
    }

    List<JsonNode> entitlements() {
        return state.path("entitlements").valueStream().toList();
    }
}
