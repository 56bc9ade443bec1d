package dev.plinto.polar.polar.api;

import java.time.Instant;
import java.util.Map;

/// What Polar did with a batch of metered events: it takes all, or none.
public sealed interface Ingestion {

    /// All are there. Those that Polar had before count once.
    ///
    /// @param answeredAt by Polar's clock, in whole seconds
    record Taken(int inserted, int duplicates, Instant answeredAt) implements Ingestion {}

    /// None was taken.
    ///
    /// @param faults of the events that Polar refuses, by their index in the batch; empty if Polar does not say which
    /// @param why    Polar's text on the batch as a whole, if it does not say which; it may repeat values
    record Refused(Map<Integer, IngestionFault> faults, String why) implements Ingestion {

        public Refused {
            faults = Map.copyOf(faults);
        }

        /// Without Polar's texts.
        @Override
        public String toString() {
            return "Refused[faults=" + faults.size() + "]";
        }
    }
}
