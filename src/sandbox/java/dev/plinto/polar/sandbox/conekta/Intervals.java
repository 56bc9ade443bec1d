package dev.plinto.polar.sandbox.conekta;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/// The intervals of Conekta's plans, by the calendar in UTC; half a month is 15 days.
final class Intervals {

    private static final int HALF_MONTH = 15;

    private Intervals() {}

    static Instant after(Instant start, Plan plan) {
        OffsetDateTime from = start.atOffset(ZoneOffset.UTC);
        OffsetDateTime end = switch (plan.interval()) {
            case "week" -> from.plusWeeks(plan.frequency());
            case "half_month" -> from.plusDays((long) HALF_MONTH * plan.frequency());
            case "month" -> from.plusMonths(plan.frequency());
            case "year" -> from.plusYears(plan.frequency());
            default -> throw new IllegalArgumentException("no interval: " + plan.interval());
        };
        return end.toInstant();
    }
}
