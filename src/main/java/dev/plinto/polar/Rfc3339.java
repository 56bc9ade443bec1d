package dev.plinto.polar;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// The format in which this service writes a time: RFC 3339, UTC, six decimals and `Z` (`2026-10-12T09:05:01.300000Z`).
public final class Rfc3339 {

    private static final DateTimeFormatter MICROSECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'")
            .withZone(ZoneOffset.UTC);

    public static String format(Instant time) {
        return MICROSECONDS.format(time);
    }

    private Rfc3339() {}
}
