package dev.plinto.polar.provider;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the times in the headers of an answer.
public final class HttpDate {

    private static final int FIRST_YEAR = 2020;
    private static final int LAST_YEAR = 2100;

    /// When an answer was given. Empty if the header is absent or not a date, or of a year in which no answer came:
    /// what an object says at such a time would count for ever, or never.
    public static Optional<Instant> ofAnswer(@Nullable String header) {
        return date(header).filter(date -> date.getYear() >= FIRST_YEAR && date.getYear() <= LAST_YEAR)
                .map(ZonedDateTime::toInstant);
    }

    /// Any other date. Empty if the header is absent or not a date.
    public static Optional<Instant> parse(@Nullable String header) {
        return date(header).map(ZonedDateTime::toInstant);
    }

    private static Optional<ZonedDateTime> date(@Nullable String header) {
        try {
            return Optional.ofNullable(header)
                    .map(value -> ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME));
        } catch (DateTimeException notADate) {
            return Optional.empty();
        }
    }

    private HttpDate() {}
}
