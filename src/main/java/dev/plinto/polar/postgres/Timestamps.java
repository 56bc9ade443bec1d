package dev.plinto.polar.postgres;

import dev.plinto.polar.Rfc3339;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// Converts between PostgreSQL's `timestamptz`, as its client represents it, and this service's times; null stays null.
public final class Timestamps {

    @Contract("!null -> !null")
    public static @Nullable OffsetDateTime ofInstant(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }

    @Contract("!null -> !null")
    public static @Nullable Instant toInstant(@Nullable OffsetDateTime column) {
        return column == null ? null : column.toInstant();
    }

    /// The time as responses contain it: RFC 3339, UTC, six decimals.
    @Contract("!null -> !null")
    public static @Nullable String toText(@Nullable OffsetDateTime column) {
        return column == null ? null : Rfc3339.format(column.toInstant());
    }

    /// Read by NullAway, by its simple name: the result is null only if the argument is.
    private @interface Contract {
        String value();
    }

    private Timestamps() {}
}
