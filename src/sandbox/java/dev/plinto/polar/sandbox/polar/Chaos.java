package dev.plinto.polar.sandbox.polar;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How a story reaches us otherwise than it should. All of it has happened with Polar, or will.
public enum Chaos {
    /// Each event arrives twice.
    DUPLICATE,
    /// The newest event arrives first.
    REORDER,
    /// Polar gives up on every second event: what it told is only in the log of deliveries.
    DROP,
    /// The first attempt of every second event is lost; the second one comes after everything newer.
    STALE_RETRY,
    /// Each answer is lost, and each event sent again after all others.
    LOST_ACKNOWLEDGEMENT,
    /// All events of the story have one timestamp, to the microsecond.
    TIE,
    /// Each first attempt is signed with another secret; Polar tries again some seconds later, with the right one.
    WRONG_KEY,
    /// There is one more event, of a type that nobody knows yet.
    UNKNOWN_TYPE,
    /// Each event has fields that nobody knows yet.
    FUTURE_FIELD,
    /// The endpoint is off while it happens, so that no event is created at all, and on again afterwards.
    ENDPOINT_OFF;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Chaos> fromWireName(String name) {
        return Arrays.stream(values()).filter(chaos -> chaos.wireName().equals(name)).findFirst();
    }
}
