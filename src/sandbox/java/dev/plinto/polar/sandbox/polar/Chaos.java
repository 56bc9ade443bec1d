package dev.plinto.polar.sandbox.polar;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How the events of a scenario arrive damaged. Each of these has happened with Polar, or can.
public enum Chaos {
    /// Each event arrives twice.
    DUPLICATE,
    /// The newest event arrives first.
    REORDER,
    /// Polar gives up on every second event: it is only in the log of deliveries.
    DROP,
    /// The first attempt of every second event is lost; its retry arrives after all newer events.
    STALE_RETRY,
    /// Each answer is lost, and each event is sent again after all others.
    LOST_ACKNOWLEDGEMENT,
    /// All events of the scenario have the same timestamp, to the microsecond.
    TIE,
    /// Each first attempt is signed with a wrong secret; Polar retries some seconds later with the right one.
    WRONG_KEY,
    /// One more event is sent, of a type that the service does not know.
    UNKNOWN_TYPE,
    /// Each event has fields that the service does not know.
    FUTURE_FIELD,
    /// The endpoint is off during the scenario, so that no event is created, and on again afterwards.
    ENDPOINT_OFF;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Chaos> fromWireName(String name) {
        return Arrays.stream(values()).filter(chaos -> chaos.wireName().equals(name)).findFirst();
    }
}
