package dev.plinto.polar.polar.api;

import java.time.Instant;

/// An answer of Polar's, and its time by Polar's clock (the header `Date`, in whole seconds).
public record Dated<T>(T answer, Instant at) {}
