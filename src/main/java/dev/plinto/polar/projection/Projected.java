package dev.plinto.polar.projection;

/// An event with its outcome.
///
/// @param deniedExternalId whether it says that a linked customer has no `external_id`
record Projected(ReceivedEvent event, EventOutcome outcome, boolean deniedExternalId) {

    static Projected parked(ReceivedEvent event) {
        return new Projected(event, EventOutcome.PARKED, false);
    }
}
