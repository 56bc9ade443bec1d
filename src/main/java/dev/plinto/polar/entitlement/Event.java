package dev.plinto.polar.entitlement;

import java.util.List;
import java.util.Objects;

/// One of Polar's events, as what it states about which objects. Events without effect on what we keep state nothing.
public record Event(Cause cause, List<TrackedObject> statements) {

    public Event {
        Objects.requireNonNull(cause, "cause");
        statements = List.copyOf(statements);
    }
}
