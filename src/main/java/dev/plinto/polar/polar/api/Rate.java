package dev.plinto.polar.polar.api;

import java.time.Duration;

/// How fast requests may leave: evenly, after a first burst.
///
/// @param interval from one request to the next
/// @param burst    as the time for which the requests of the burst would last at an even pace
record Rate(Duration interval, Duration burst) {

    private static final Duration BURST = Duration.ofSeconds(10);

    static Rate perMinute(int requests) {
        return new Rate(Duration.ofMinutes(1).dividedBy(requests), BURST);
    }

    /// How much of the burst such requests may use. Reconciliation leaves half of it, so that a call for an
    /// organization finds a permit while a run uses up all that comes; below two permits there is nothing to leave.
    Duration burst(Purpose purpose) {
        Duration usable = switch (purpose) {
            case Purpose.Upkeep upkeep -> burst.dividedBy(2);
            case Purpose.ForOrganization organization -> burst;
        };
        return usable.compareTo(interval) < 0 ? interval : usable;
    }
}
