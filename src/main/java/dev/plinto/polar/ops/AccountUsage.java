package dev.plinto.polar.ops;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

/// How many events of an account's usage Polar has not taken, of each kind at most [#MOST] are counted.
///
/// @param oldestPendingAt since when the oldest of those that are pending could have been sent
/// @param lastSentAt      by Polar's clock; null if none was within the last hours
@JsonNaming(SnakeCaseStrategy.class)
public record AccountUsage(long pending, long notBillable, long parked, @Nullable String oldestPendingAt,
        @Nullable String lastSentAt) {

    static final int MOST = 100_000;

    @JsonIgnore
    public boolean isEmpty() {
        return pending + notBillable + parked == 0 && lastSentAt == null;
    }
}
