package dev.plinto.polar.entitlement;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The value of a field in the newest statement that carries it. `value` is null if that statement carried null ("has
/// no end"); a field that no statement carried has no `StampedValue`.
public record StampedValue<T>(@Nullable T value, Stamp stamp) {

    public StampedValue {
        Objects.requireNonNull(stamp, "stamp");
    }

    /// The newer of two values; null only if both are. Commutative, associative and idempotent, so that any order of
    /// arrival ends in the same value.
    static <T> @Nullable StampedValue<T> newest(@Nullable StampedValue<T> first, @Nullable StampedValue<T> second) {
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        return second.stamp.isAfter(first.stamp) ? second : first;
    }
}
