package dev.plinto.polar.polar.api;

import java.time.Instant;
import java.util.function.Function;

/// What Polar answered, and what its clock showed then (the header `Date`, in whole seconds).
public record Dated<T>(T answer, Instant at) {

    <U> Dated<U> map(Function<T, U> reading) {
        return new Dated<>(reading.apply(answer), at);
    }
}
