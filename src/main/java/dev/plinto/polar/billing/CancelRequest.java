package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.polar.api.SubscriptionChange;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The body of a request to cancel a subscription.
///
/// @param body    as sent
/// @param at      `period_end` or `now`
/// @param reason  one of Polar's
/// @param comment the customer's words, for the merchant
record CancelRequest(JsonNode body, String at, Optional<String> reason, Optional<String> comment) {

    private static final String NOW = "now";
    private static final String PERIOD_END = "period_end";
    private static final Set<String> FIELDS = Set.of("at", "reason", "comment");
    private static final List<String> REASONS = List.of("customer_service", "low_quality", "missing_features",
            "switched_service", "too_complex", "too_expensive", "unused", "other");
    private static final int LONGEST_COMMENT = 1_000;

    /// Throws 400 `body-not-json` or 422 `body-invalid`.
    ///
    /// @param body may be empty
    static CancelRequest read(@Nullable String body) {
        Fields fields = Fields.orNone(body, FIELDS);
        CancelRequest request = new CancelRequest(fields.body(),
                fields.oneOf("at", List.of(PERIOD_END, NOW)).orElse(PERIOD_END),
                fields.oneOf("reason", REASONS), fields.lines("comment", LONGEST_COMMENT));
        fields.requireFaultless();
        return request;
    }

    boolean isNow() {
        return at.equals(NOW);
    }

    /// At Polar.
    SubscriptionChange change() {
        return isNow()
                ? new SubscriptionChange.Revoke(reason.orElse(null), comment.orElse(null))
                : new SubscriptionChange.CancelAtPeriodEnd(reason.orElse(null), comment.orElse(null));
    }

    /// Without the comment.
    @Override
    public String toString() {
        return "CancelRequest[" + at + "]";
    }
}
