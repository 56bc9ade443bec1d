package dev.plinto.polar.polar.api;

import java.time.Instant;
import java.util.function.Function;

/// An answer of Polar's, and its time by Polar's clock (the header `Date`, in whole seconds).
public record Dated<T>(T answer, Instant at) {

    <U> Dated<U> map(Function<T, U> reading) {
        return new Dated<>(reading.apply(answer), at);
    }
}
