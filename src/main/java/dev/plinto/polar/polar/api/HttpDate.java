package dev.plinto.polar.polar.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class HttpDate {

    /// Empty if the header is absent or not a date.
    static Optional<Instant> parse(@Nullable String header) {
        try {
            return Optional.ofNullable(header)
                    .map(value -> ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeException notADate) {
            return Optional.empty();
        }
    }

    private HttpDate() {}
}
