package dev.plinto.polar.privacy;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/// What an erasure would do now.
///
/// @param liveSubscriptions that it would end, and without `cancel=true` would not begin for
/// @param steps             in order
/// @param rawTopicsUntil    as in [Erasure], if it began now
@JsonNaming(SnakeCaseStrategy.class)
public record ErasurePlan(String organizationId, boolean dryRun, List<String> liveSubscriptions, List<Rows> rows,
        List<String> steps, String rawTopicsUntil) {

    /// @param rows that would be changed or deleted
    public record Rows(String room, String table, long rows) {}
}
