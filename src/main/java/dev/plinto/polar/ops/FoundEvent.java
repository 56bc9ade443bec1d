package dev.plinto.polar.ops;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// An event that was received, whatever became of it.
///
/// @param type       null where the body is no event
/// @param outcome    what became of it
/// @param emittedAt  by Polar's clock; null where the event was not understood
/// @param handledAt  when it was projected, or first parked
/// @param origin     how it came, such as `webhook` or `reconcile`
/// @param customerId at Polar, or the id of what else it is about; null where that is not known
@JsonNaming(SnakeCaseStrategy.class)
public record FoundEvent(String webhookId, String type, String outcome, String emittedAt, String receivedAt,
        String handledAt, String origin, String customerId) {

    public enum Outcome {
        APPLIED, STALE, IGNORED, UNKNOWN_TYPE, PARKED;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Cursor cursor() {
        return new Cursor(Instant.parse(handledAt), webhookId);
    }

    @JsonIgnore
    public boolean isParked() {
        return outcome.equals(Outcome.PARKED.wireName());
    }

    /// @param next where to read on; null where nothing follows
    public record Page(List<FoundEvent> items, String next) {}

    /// What was published because of it.
    ///
    /// @param state     the message
    /// @param published false while it waits in the outbox
    @JsonNaming(SnakeCaseStrategy.class)
    record Change(String topic, String key, String account, long version, String decidedAt, boolean published,
            JsonNode state) {

        @JsonIgnore
        public boolean isOfEntitlements() {
            return state.has("entitlements");
        }
    }

    /// @param parked  the reason, where it is parked
    /// @param payload masked; null where the body is no JSON, or is kept no longer
    @JsonNaming(SnakeCaseStrategy.class)
    public record WithPayload(@JsonUnwrapped FoundEvent event, ParkedEvent parked, List<String> accounts,
            List<Change> changes, JsonNode payload) {

        public WithPayload {
            accounts = List.copyOf(accounts);
            changes = List.copyOf(changes);
        }
    }
}
