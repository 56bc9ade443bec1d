package dev.plinto.polar.projection;

/// An event with its outcome.
record Projected(ReceivedEvent event, EventOutcome outcome) {}
