package dev.plinto.polar.usage;

import java.util.List;

/// What became of the events of a request, all of them together.
sealed interface Outcome {

    /// All are durable.
    ///
    /// @param duplicates those that were taken before
    record Taken(int accepted, int duplicates) implements Outcome {}

    /// None of the request was taken.
    record Refused(List<ReusedKey> reused) implements Outcome {

        public Refused {
            reused = List.copyOf(reused);
        }
    }
}
