package dev.plinto.polar.entitlement;

import java.util.List;
import java.util.Objects;

/// One of Polar's events, as its statements about objects. An event that concerns nothing we keep has no statements.
public record Event(Cause cause, List<TrackedObject> statements) {

    public Event {
        Objects.requireNonNull(cause, "cause");
        statements = List.copyOf(statements);
    }
}
