package dev.plinto.polar.polar.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Optional;
import org.eclipse.microprofile.config.spi.Converter;

/// How long one of Polar's API versions lives. A quarter before the month in its name it can be chosen, for the quarter
/// that begins with this month it is the current one, for another one deprecated, and then it is removed, in the first
/// week (Polar's documentation, "API versioning").
public final class ApiVersion {

    private static final int MONTHS_FROM_ITS_NAME = 6;

    /// The first moment of the week in which it is removed.
    public static Instant removedAt(YearMonth version) {
        return version.plusMonths(MONTHS_FROM_ITS_NAME)
                .atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    /// Of a version as Polar writes it, `2026-10`; empty where the text names none.
    public static Optional<Instant> find(String version) {
        try {
            return Optional.of(removedAt(YearMonth.parse(version)));
        } catch (DateTimeException noVersion) {
            return Optional.empty();
        }
    }

    /// As the setting names it.
    public static final class Named implements Converter<YearMonth> { // public, or the mapping cannot make one

        private static final long serialVersionUID = 1L;

        @Override
        public YearMonth convert(String version) {
            try {
                return YearMonth.parse(version);
            } catch (DateTimeException noVersion) {
                throw new IllegalArgumentException("as a version of Polar's API: those are named as 2026-10 is",
                        noVersion);
            }
        }
    }

    private ApiVersion() {}
}
