package dev.plinto.polar.sandbox.polar;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Holds the times in events to what time allows: nothing has happened before its cause, or later than it was told.
final class EventTimes {

    /// Polar stamps what belongs together one after the other.
    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    /// Of what has happened, as opposed to what will.
    private static final List<String> PAST = List.of(
            "created_at", "modified_at", "started_at", "current_period_start", "trial_start", "canceled_at", "ended_at",
            "past_due_at", "paused_at", "granted_at", "revoked_at", "claimed_at", "deleted_at");
    private static final List<String> SINCE_CREATION = List.of(
            "modified_at", "started_at", "canceled_at", "ended_at", "past_due_at", "paused_at", "granted_at",
            "revoked_at", "claimed_at", "deleted_at", "ends_at", "expires_at", "invitation_token_expires_at");

    private final Map<String, Instant> modified = new HashMap<>();
    private Instant newest = Instant.MIN;

    void check(WebhookEvent event) {
        JsonNode envelope = SimulatedPolarTest.json(event);
        Instant timestamp = Instant.parse(envelope.get("timestamp").asText());
        assertThat(timestamp).isEqualTo(event.timestamp()).isAfter(newest);
        newest = timestamp;
        JsonNode data = envelope.get("data");
        if (!event.type().equals("customer.state_changed")) { // which is built some seconds before it is stamped
            object(event.type(), data, timestamp);
        }
        data.forEach(embedded -> {
            if (embedded.isObject()) {
                object(event.type(), embedded, timestamp);
            } else if (embedded.isArray()) {
                embedded.forEach(each -> object(event.type(), each, timestamp));
            }
        });
    }

    private void object(String type, JsonNode object, Instant timestamp) {
        PAST.forEach(field -> {
            if (has(object, field)) {
                assertThat(time(object, field)).as("%s of %s", field, type)
                        .isBeforeOrEqualTo(timestamp.plus(AT_ONCE));
            }
        });
        if (has(object, "created_at")) {
            SINCE_CREATION.stream().filter(field -> has(object, field)).forEach(field -> assertThat(time(object, field))
                    .as("%s of %s", field, type).isAfterOrEqualTo(time(object, "created_at").minus(AT_ONCE)));
        }
        if (has(object, "current_period_start")) {
            assertThat(time(object, "current_period_end")).isAfter(time(object, "current_period_start"));
        }
        if (has(object, "id") && has(object, "modified_at")) {
            Instant now = time(object, "modified_at");
            Instant before = modified.put(object.get("id").asText(), now);
            assertThat(now).as("modified_at of %s", type).isAfterOrEqualTo(before == null ? Instant.MIN : before);
        }
    }

    private static boolean has(JsonNode object, String field) {
        return object.hasNonNull(field);
    }

    private static Instant time(JsonNode object, String field) {
        return Instant.parse(object.get(field).asText());
    }
}
