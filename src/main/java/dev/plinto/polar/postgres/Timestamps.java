package dev.plinto.polar.postgres;

import dev.plinto.polar.Rfc3339;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/// Times as PostgreSQL's client has them (`timestamptz`) and as this service does; null stays null.
public final class Timestamps {

    public static OffsetDateTime ofInstant(Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }

    public static Instant toInstant(OffsetDateTime column) {
        return column == null ? null : column.toInstant();
    }

    /// As this service writes times in answers: RFC 3339, UTC, six decimals.
    public static String toText(OffsetDateTime column) {
        return column == null ? null : Rfc3339.format(column.toInstant());
    }

    private Timestamps() {}
}
