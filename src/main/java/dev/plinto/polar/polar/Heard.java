package dev.plinto.polar.polar;

import java.time.Instant;
import java.util.function.Function;

/// What Polar answered, and what its clock showed then (the header `Date`, in whole seconds).
public record Heard<T>(T answer, Instant at) {

    <U> Heard<U> map(Function<T, U> reading) {
        return new Heard<>(reading.apply(answer), at);
    }
}
