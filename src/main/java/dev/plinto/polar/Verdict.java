package dev.plinto.polar;

import java.time.Duration;

/// What became of checking that a delivery is from the provider.
public sealed interface Verdict {

    /// @param eventId by which the provider's events are told from each other
    /// @param scheme  how it was signed, for metrics
    record Valid(String eventId, String scheme) implements Verdict {}

    /// The signature does not fit.
    record Bad() implements Verdict {}

    /// Signed too long ago, or too far ahead; the signature was not checked.
    record Stale(Duration age) implements Verdict {}

    /// A header is missing, doubled, or not of its form.
    record Malformed(String problem) implements Verdict {}
}
