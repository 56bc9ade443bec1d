package dev.plinto.polar.sandbox.polar.rest;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;

/// Values of requests that Java reads more liberally than Polar does.
final class Parse {

    private static final int UUID_LENGTH = 36;
    private static final int LAST_YEAR = 9999;

    private Parse() {}

    /// @throws IllegalArgumentException also for a short form, such as `1-1-1-1-1`
    static UUID id(String text) {
        if (text.length() != UUID_LENGTH) {
            throw new IllegalArgumentException("not 36 characters");
        }
        return UUID.fromString(text);
    }

    /// A time with its zone, of the years 1 to 9999.
    ///
    /// @throws DateTimeException if it is none
    static Instant time(String text) {
        OffsetDateTime time = OffsetDateTime.parse(text);
        if (time.getYear() < 1 || time.getYear() > LAST_YEAR) {
            throw new DateTimeException("no year from 1 to 9999");
        }
        return time.toInstant();
    }
}
