package dev.plinto.polar.polar.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Optional;
import org.eclipse.microprofile.config.spi.Converter;

/// How long Polar supports an API version. It can be chosen a quarter before the month in its name; it is current for
/// the quarter that begins with this month, deprecated for the next one, and removed in the first week after that
/// (Polar's documentation, "API versioning").
public final class ApiVersion {

    private static final int MONTHS_UNTIL_REMOVAL = 6;

    /// The start of the week in which Polar removes the version.
    public static Instant removedAt(YearMonth version) {
        return version.plusMonths(MONTHS_UNTIL_REMOVAL)
                .atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    /// The same for a version as Polar writes it, `2026-10`; empty if the text is not a version.
    public static Optional<Instant> find(String version) {
        try {
            return Optional.of(removedAt(YearMonth.parse(version)));
        } catch (DateTimeException notAVersion) {
            return Optional.empty();
        }
    }

    /// Reads the setting.
    public static final class FromSetting implements Converter<YearMonth> { // public: the mapping creates it

        private static final long serialVersionUID = 1L;

        @Override
        public YearMonth convert(String version) {
            try {
                return YearMonth.parse(version);
            } catch (DateTimeException notAVersion) {
                throw new IllegalArgumentException("versions of Polar's API are named as 2026-10 is",
                        notAVersion);
            }
        }
    }

    private ApiVersion() {}
}
