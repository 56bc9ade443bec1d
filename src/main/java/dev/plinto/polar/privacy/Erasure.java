package dev.plinto.polar.privacy;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An erasure with its steps, as it is answered. Times are RFC 3339.
///
/// @param status         `pending` or `complete`
/// @param rawTopicsUntil when the last message that can hold data of before is gone from the raw topics, by itself
/// @param trouble        why it does not go on now; null if nothing is wrong
@JsonNaming(SnakeCaseStrategy.class)
public record Erasure(String erasureId, String organizationId, String status, boolean keepAtProvider,
        String requestedAt, @Nullable String completedAt, String rawTopicsUntil, @Nullable String trouble,
        List<Step> steps) {

    /// @param status  `pending` or `done`
    /// @param outcome what was done, in words; null while it is pending
    @JsonNaming(SnakeCaseStrategy.class)
    public record Step(String step, String status, @Nullable String doneAt, @Nullable String outcome) {}
}
