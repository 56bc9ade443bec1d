package dev.plinto.polar.access;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/// An account's whole set as it was published.
///
/// @param benefits the message's `entitlements`
record PublishedSet(long version, Instant decidedAt, Explanation.Cause cause, List<JsonNode> benefits)
        implements
            HistoryRow {

    PublishedSet {
        Objects.requireNonNull(decidedAt, "decidedAt");
        Objects.requireNonNull(cause, "cause");
        benefits = List.copyOf(benefits);
    }
}
