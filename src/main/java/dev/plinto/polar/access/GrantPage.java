package dev.plinto.polar.access;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some of the live grants that give an account a benefit, in the order of their ids.
///
/// @param nextCursor of the next page; null on the last one
@JsonNaming(SnakeCaseStrategy.class)
public record GrantPage(List<Explanation.Grant> items, @Nullable String nextCursor) {

    public GrantPage {
        items = List.copyOf(items);
    }

    /// @param found one more than `limit` if others follow
    static GrantPage of(List<Explanation.Grant> found, int limit) {
        return found.size() > limit
                ? new GrantPage(found.subList(0, limit), found.get(limit - 1).grantId())
                : new GrantPage(found, null);
    }
}
