package dev.plinto.polar.billing;

/// Whether a subscription begins with a trial, other than its product says.
public sealed interface Trial {

    /// It is paid at once.
    record None() implements Trial {}

    record Lasting(Interval interval, int count) implements Trial {}

    /// As providers write it, in lower case.
    enum Interval {
        DAY, WEEK, MONTH, YEAR
    }
}
