package dev.plinto.polar.projection.lag;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// The unprojected part of a raw topic, measured independently of the consumer.
///
/// @param oldest     by partition, when its oldest unprojected event was received; empty if none is known
/// @param isComplete whether the broker stated the topic's end offsets; otherwise the topic may hold more events
record Backlog(Map<Integer, Optional<Instant>> oldest, boolean isComplete) {

    Backlog {
        oldest = Map.copyOf(oldest);
    }

    /// How long the partition's oldest unprojected event has been waiting; empty if none is.
    Optional<Duration> age(int partition, Instant now) {
        return oldest.getOrDefault(partition, Optional.empty()).map(receivedAt -> age(receivedAt, now));
    }

    /// The greatest age of all partitions.
    Optional<Duration> age(Instant now) {
        return oldest.values().stream().flatMap(Optional::stream).min(Instant::compareTo)
                .map(receivedAt -> age(receivedAt, now));
    }

    /// Never negative, although the clock of the replica that received the event may be ahead.
    private static Duration age(Instant receivedAt, Instant now) {
        return receivedAt.isBefore(now) ? Duration.between(receivedAt, now) : Duration.ZERO;
    }
}
