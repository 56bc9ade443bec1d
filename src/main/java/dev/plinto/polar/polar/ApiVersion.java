package dev.plinto.polar.polar;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Optional;

/// How long one of Polar's API versions lives. A quarter before the month in its name it can be chosen, for the quarter
/// that begins with this month it is the current one, for another one deprecated, and then it is removed, in the first
/// week (Polar's documentation, "API versioning").
public final class ApiVersion {

    private static final int MONTHS_FROM_ITS_NAME = 6;

    /// The first moment of the week in which it is removed.
    ///
    /// @param version as `2026-10`
    public static Instant removedAt(String version) {
        return YearMonth.parse(version).plusMonths(MONTHS_FROM_ITS_NAME)
                .atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    /// Empty where the text names no version.
    public static Optional<Instant> find(String version) {
        try {
            return Optional.of(removedAt(version));
        } catch (DateTimeException noVersion) {
            return Optional.empty();
        }
    }

    private ApiVersion() {}
}
