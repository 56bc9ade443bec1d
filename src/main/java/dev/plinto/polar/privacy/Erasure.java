package dev.plinto.polar.privacy;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An erasure with its steps, as it is answered. Times are RFC 3339.
///
/// @param status         `pending` or `complete`
/// @param rawTopicsUntil when the last message that can hold data of before is gone from the raw topics, by itself
/// @param trouble        [#TROUBLE] if the newest attempt failed; null if nothing is wrong
@JsonNaming(SnakeCaseStrategy.class)
public record Erasure(String erasureId, String organizationId, String status, boolean keepAtProvider,
        String requestedAt, @Nullable String completedAt, String rawTopicsUntil, @Nullable String trouble,
        List<Step> steps) {

    /// What failed is for operators: it tells of systems that are not the organization's.
    static final String TROUBLE = "The newest attempt failed. It is made again by itself; operators see why it failed.";

    /// @param status  `pending` or `done`
    /// @param outcome what the last attempt did, in words; null while it is pending
    @JsonNaming(SnakeCaseStrategy.class)
    public record Step(String step, String status, @Nullable String doneAt, @Nullable String outcome) {}
}
