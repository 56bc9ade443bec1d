package dev.plinto.polar.polar;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads a time in RFC 3339, with any offset, letters in any case and a fraction of any length, of which microseconds
/// count: PostgreSQL's precision. A leap second is the first second of the next minute, as in POSIX time.
public final class WrittenTime {

    private static final Instant YEAR_10000 = Instant.parse("9999-12-31T23:59:59Z").plusSeconds(1);
    private static final Pattern BEYOND_NANOSECONDS = Pattern.compile("(?<=\\.\\d{9})\\d+");
    private static final Pattern SECOND_60 = Pattern.compile("(?<=T\\d{2}:\\d{2}:)60", Pattern.CASE_INSENSITIVE);

    /// As Polar writes nearly every time; others write milliseconds or no fraction. An event has dozens of them, which
    /// took a quarter of the time of reading it.
    private static final String USUAL = "0000-00-00T00:00:00.000000Z";
    private static final int SECONDS = 17;
    private static final int FRACTION = 20;
    /// Of a time without a fraction, with milliseconds, with microseconds.
    private static final Set<Integer> USUAL_LENGTHS = Set.of(FRACTION, FRACTION + 4, FRACTION + 7);

    /// Empty if the text is not a time from 1970 to 9999, in UTC.
    public static Optional<Instant> parse(String text) {
        try {
            return Optional.of(isUsual(text) ? usual(text) : anyForm(text))
                    .filter(moment -> !moment.isBefore(Instant.EPOCH) && moment.isBefore(YEAR_10000));
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }

    private static boolean isUsual(String text) {
        int end = text.length() - 1;
        if (!USUAL_LENGTHS.contains(text.length()) || text.charAt(end) != 'Z' || text.startsWith("60", SECONDS)) {
            return false;
        }
        for (int i = 0; i < end; i++) {
            char found = text.charAt(i);
            char wanted = USUAL.charAt(i);
            if (wanted == '0' ? found < '0' || found > '9' : found != wanted) {
                return false;
            }
        }
        return true;
    }

    private static Instant usual(String text) {
        int nanos = switch (text.length()) {
            case FRACTION -> 0;
            case FRACTION + 4 -> 1_000_000 * number(text, FRACTION, FRACTION + 3);
            default -> 1_000 * number(text, FRACTION, FRACTION + 6);
        };
        return LocalDateTime.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10), number(text, 11, 13),
                number(text, 14, 16), number(text, SECONDS, 19), nanos).toInstant(ZoneOffset.UTC);
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    private static Instant anyForm(String text) {
        String written = BEYOND_NANOSECONDS.matcher(text).replaceFirst("");
        String before = SECOND_60.matcher(written).replaceFirst("59");
        Instant time = OffsetDateTime.parse(before).toInstant();
        return (before.equals(written) ? time : leapSecondAfter(time)).truncatedTo(ChronoUnit.MICROS);
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
