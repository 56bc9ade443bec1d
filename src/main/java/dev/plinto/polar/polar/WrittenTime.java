package dev.plinto.polar.polar;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads a time in RFC 3339, with any offset, letters in any case and a fraction of any length, of which microseconds
/// count: PostgreSQL's precision. A leap second is the first second of the next minute, as in POSIX time.
final class WrittenTime {

    private static final Instant YEAR_10000 = Instant.parse("9999-12-31T23:59:59Z").plusSeconds(1);
    private static final Pattern BEYOND_NANOSECONDS = Pattern.compile("(?<=\\.\\d{9})\\d+");
    private static final Pattern SECOND_60 = Pattern.compile("(?<=T\\d{2}:\\d{2}:)60", Pattern.CASE_INSENSITIVE);

    /// Empty if the text is not a time from 1970 to 9999, in UTC.
    static Optional<Instant> parse(String text) {
        try {
            String written = BEYOND_NANOSECONDS.matcher(text).replaceFirst("");
            String before = SECOND_60.matcher(written).replaceFirst("59");
            Instant time = OffsetDateTime.parse(before).toInstant();
            return Optional.of(before.equals(written) ? time : leapSecondAfter(time))
                    .map(moment -> moment.truncatedTo(ChronoUnit.MICROS))
                    .filter(moment -> !moment.isBefore(Instant.EPOCH) && moment.isBefore(YEAR_10000));
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }

    private static Instant leapSecondAfter(Instant second) {
        Instant next = second.plus(Duration.ofSeconds(1));
        if (!next.truncatedTo(ChronoUnit.SECONDS).equals(next.truncatedTo(ChronoUnit.DAYS))) {
            throw new DateTimeException("leap seconds end a day: " + second.atOffset(ZoneOffset.UTC));
        }
        return next;
    }

    private WrittenTime() {}
}
