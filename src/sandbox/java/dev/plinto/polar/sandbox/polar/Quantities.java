package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.List;

/// What events have used of a meter.
public final class Quantities {

    private final Aggregation aggregation;
    private final List<UsageEvent> events;

    Quantities(Aggregation aggregation, List<UsageEvent> events) {
        this.aggregation = aggregation;
        this.events = events;
    }

    /// Units of the events from `start` until before `end`.
    public double between(Instant start, Instant end) {
        return aggregation.of(events.stream()
                .filter(event -> !event.timestamp().isBefore(start) && event.timestamp().isBefore(end)));
    }
}
