package dev.plinto.polar.ops;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Topics;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A received event, whatever its outcome.
///
/// @param type       null if the body is not an event
/// @param outcome    the wire name of an [Outcome]
/// @param emittedAt  by Polar's clock; null if the event was not understood
/// @param handledAt  when it was projected, first parked, or discarded
/// @param origin     how it arrived, such as `webhook` or `reconcile`
/// @param customerId at Polar, or the id of another object that it is about; null if that is unknown
@JsonNaming(SnakeCaseStrategy.class)
public record FoundEvent(String webhookId, @Nullable String type, String outcome, @Nullable String emittedAt,
        String receivedAt, String handledAt, String origin, @Nullable String customerId) {

    public enum Outcome {
        APPLIED, STALE, IGNORED, UNKNOWN_TYPE, PARKED, DISCARDED;

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

    @JsonIgnore
    public boolean isDiscarded() {
        return outcome.equals(Outcome.DISCARDED.wireName());
    }

    /// @param next  the cursor of the next page; null on the last one
    /// @param from  from when on events were searched; null if from the first one
    /// @param until until when, exclusive; null if until now
    public record Page(List<FoundEvent> items, @Nullable String next, @Nullable String from, @Nullable String until) {}

    /// A message that the event had a part in.
    ///
    /// @param state     of a subscription the message; of entitlements what the event did
    /// @param published false while the message waits in the outbox
    @JsonNaming(SnakeCaseStrategy.class)
    record Change(String topic, String key, String account, long version, String decidedAt, boolean published,
            JsonNode state) {

        @JsonIgnore
        public boolean isOfEntitlements() {
            return topic.equals(Topics.ENTITLEMENT_CHANGED);
        }
    }

    /// A body that came under the event's webhook id after another one was stored. It changed nothing.
    ///
    /// @param type    null if the body is not an event
    /// @param origin  how it arrived, such as `webhook` or `reconcile`
    /// @param payload masked; null if the body is not JSON
    @JsonNaming(SnakeCaseStrategy.class)
    public record Conflict(@Nullable String type, String receivedAt, String storedAt, String origin, int bodyBytes,
            String bodySha256, @Nullable JsonNode payload) {

        /// Without the payload, which is masked for operators, not for logs.
        @Override
        public String toString() {
            return "Conflict[type=" + type + ", receivedAt=" + receivedAt + ", bodySha256=" + bodySha256 + "]";
        }
    }

    /// @param parked    null unless it is parked
    /// @param conflicts oldest first; at most a few are kept
    /// @param payload   masked; null if the body is not JSON or is no longer kept
    @JsonNaming(SnakeCaseStrategy.class)
    public record WithPayload(@JsonUnwrapped FoundEvent event, @Nullable ParkedEvent parked, List<String> accounts,
            List<Change> changes, List<Conflict> conflicts, @Nullable JsonNode payload) {

        public WithPayload {
            conflicts = List.copyOf(conflicts);
            accounts = List.copyOf(accounts);
            changes = List.copyOf(changes);
        }

        /// Without the content, which is masked for operators, not for logs.
        @Override
        public String toString() {
            return "WithPayload[event=" + event + "]";
        }
    }
}
