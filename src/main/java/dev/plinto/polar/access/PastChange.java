package dev.plinto.polar.access;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A change of an account's access, or of a subscription of it, as the history has it.
sealed interface PastChange extends HistoryRow {

    /// Of the message that published it.
    long version();

    Instant decidedAt();

    Explanation.Cause cause();

    /// @param key   the subscription
    /// @param state the message
    record OfSubscription(String key, long version, Instant decidedAt, JsonNode state) implements PastChange {

        @Override
        public Explanation.Cause cause() {
            return PastChange.cause(state.path("cause"));
        }

        /// Null if the message has no such text.
        @Nullable
        String text(String field) {
            return state.path(field).textValue();
        }
    }

    /// What one event did to the benefits of the account.
    ///
    /// @param granted each as it was afterwards
    /// @param changed each as it was afterwards
    /// @param revoked each as it was before, or with its id only
    record OfBenefits(long version, Instant decidedAt, Explanation.Cause cause, List<JsonNode> granted,
            List<JsonNode> changed, List<JsonNode> revoked) implements PastChange {

        public OfBenefits {
            Objects.requireNonNull(decidedAt, "decidedAt");
            granted = List.copyOf(granted);
            changed = List.copyOf(changed);
            revoked = List.copyOf(revoked);
        }

        /// Of the same event.
        OfBenefits with(OfBenefits other) {
            return new OfBenefits(version, decidedAt, cause, joined(granted, other.granted),
                    joined(changed, other.changed), joined(revoked, other.revoked));
        }

        private static List<JsonNode> joined(List<JsonNode> first, List<JsonNode> second) {
            return Stream.concat(first.stream(), second.stream()).toList();
        }
    }

    static Explanation.Cause cause(JsonNode cause) {
        return new Explanation.Cause(cause.path("event_type").textValue(), cause.path("webhook_id").textValue(),
                cause.path("timestamp").textValue());
    }
}
