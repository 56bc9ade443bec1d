package dev.plinto.polar.audit;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a verification of the audit log found.
///
/// @param intact       whether nothing was found
/// @param sealedFrom   the begin of the oldest seal's hour; null if nothing is sealed yet
/// @param sealedUntil  the end of the newest seal's hour; null if nothing is sealed yet
/// @param newestSha256 of that seal, which the service also wrote to its log
/// @param seals        how many hours are sealed
/// @param sealedRows   how many rows they cover, as far as these are kept
/// @param droppedUntil the begin of the oldest rows that are kept; null if none were ever dropped
/// @param erasedValues how many personal values were erased, which changes no row
/// @param findings     the first thousand
@JsonNaming(SnakeCaseStrategy.class)
public record Verification(boolean intact, @Nullable String sealedFrom, @Nullable String sealedUntil,
        @Nullable String newestSha256, int seals, long sealedRows, @Nullable String droppedUntil, long erasedValues,
        List<Finding> findings) {

    public Verification {
        findings = List.copyOf(findings);
    }

    /// What is wrong.
    public enum Wrong {
        /// A row is not as it was sealed; so are rows that were exchanged.
        ROW_CHANGED,
        /// A row was not there when its hour was sealed; or no writer of the log wrote it, since it has the id of an
        /// earlier row, is a second result of an action, or is older than any hour.
        ROW_ADDED,
        /// A row that was sealed is not there any more.
        ROW_MISSING,
        /// A personal value, such as a reason, is not the one that was recorded.
        PERSONAL_VALUE_CHANGED,
        /// A personal value has no row, though rows of its time are kept.
        PERSONAL_VALUE_ORPHANED,
        /// The personal values of the rows of some weeks were detached from their table, or dropped with it.
        PERSONAL_VALUES_DETACHED,
        /// A seal is not what was made of the seal before and its digests, or not the one with which the chain began:
        /// it or the one before was changed, or the one before was removed.
        SEAL_CHANGED,
        /// There is no seal between two that there are, or none where the chain began.
        SEAL_MISSING,
        /// The database has counted more or fewer seals than hours that they cover: some were removed, and perhaps made
        /// anew, or were not made by the service.
        SEAL_COUNT_DIFFERS,
        /// The seal of the hour is another one than the service wrote to its log.
        LOGGED_SEAL_DIFFERS,
        /// The service wrote a seal to its log that is not there.
        LOGGED_SEAL_MISSING,
        /// The rows of an hour that is long over are not sealed.
        HOUR_NOT_SEALED;

        @JsonValue
        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param hour  the begin of the hour; null if it is not about a single one
    /// @param rowId null if it is not about a single row
    @JsonNaming(SnakeCaseStrategy.class)
    public record Finding(Wrong wrong, @Nullable String hour, @Nullable Long rowId) {}
}
