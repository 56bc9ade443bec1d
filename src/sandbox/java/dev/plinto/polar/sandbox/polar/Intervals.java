package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/// The intervals of Polar's periods and trials, by the calendar in UTC.
final class Intervals {

    private Intervals() {}

    /// @param interval `day`, `week`, `month` or `year`
    static Instant after(Instant start, String interval, int count) {
        OffsetDateTime from = start.atOffset(ZoneOffset.UTC);
        OffsetDateTime end = switch (interval) {
            case "day" -> from.plusDays(count);
            case "week" -> from.plusWeeks(count);
            case "month" -> from.plusMonths(count);
            case "year" -> from.plusYears(count);
            default -> throw new IllegalArgumentException("no interval: " + interval);
        };
        return end.toInstant();
    }

    /// The end of a period of this product.
    static Instant after(Instant start, Product product) {
        return after(start, product.recurringInterval(), product.recurringIntervalCount());
    }
}
