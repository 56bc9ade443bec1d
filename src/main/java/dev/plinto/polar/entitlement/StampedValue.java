package dev.plinto.polar.entitlement;

import java.util.Objects;

/// One field of one object, as the newest statement that carries the field told it. `value` is null when that statement
/// said so ("has no end"); a field that no statement carried has no `Told` at all.
public record StampedValue<T>(T value, Stamp stamp) {

    public StampedValue {
        Objects.requireNonNull(stamp, "stamp");
    }

    /// The newer of two, either of which may be missing (null). Commutative, associative and idempotent, which is why
    /// any order of arrival ends the same.
    static <T> StampedValue<T> newest(StampedValue<T> one, StampedValue<T> other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.stamp.isAfter(one.stamp) ? other : one;
    }
}
