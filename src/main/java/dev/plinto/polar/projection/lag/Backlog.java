package dev.plinto.polar.projection.lag;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// What of the raw topic is not projected, as somebody saw it who did not ask the consumer.
///
/// @param oldest  by partition, when its oldest event that is not projected was received; empty where none is known to
///                wait
/// @param isWhole whether the broker said how far the topic reaches; else it may hold more than is known
record Backlog(Map<Integer, Optional<Instant>> oldest, boolean isWhole) {

    Backlog {
        oldest = Map.copyOf(oldest);
    }

    /// For how long the oldest event of the partition has been waiting; empty where none is.
    Optional<Duration> age(int partition, Instant now) {
        return oldest.getOrDefault(partition, Optional.empty()).map(receivedAt -> age(receivedAt, now));
    }

    /// The longest of all partitions.
    Optional<Duration> age(Instant now) {
        return oldest.values().stream().flatMap(Optional::stream).min(Instant::compareTo)
                .map(receivedAt -> age(receivedAt, now));
    }

    /// The clock of the replica that received it may be ahead of ours.
    private static Duration age(Instant receivedAt, Instant now) {
        return receivedAt.isBefore(now) ? Duration.between(receivedAt, now) : Duration.ZERO;
    }
}
