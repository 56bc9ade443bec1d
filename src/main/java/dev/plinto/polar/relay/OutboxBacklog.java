package dev.plinto.polar.relay;

import dev.plinto.polar.telemetry.PeriodicSample;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Sees what is in the outbox, whoever publishes it. To be used by one thread.
///
/// A row that is published again (by an operator) names no receipt, and counts from when it was first seen here.
final class OutboxBacklog implements PeriodicSample.Look<OutboxBacklog.Pending> {

    private static final Duration SILENCE = Duration.ofSeconds(30); // the connection is dead, and another is tried

    /// Bounded, because this must stay cheap when the relay has been stuck for hours: rows are counted up to 100,000,
    /// and the oldest is looked for among the first thousand.
    private static final String PENDING = """
            SELECT (SELECT count(*) FROM (SELECT FROM outbox LIMIT 100000) AS counted),
                   min(received_at), min(id) FILTER (WHERE received_at IS NULL)
            FROM (SELECT id, received_at FROM outbox ORDER BY id LIMIT 1000) AS lowest
            """;

    private final Pool pool;
    private final InstantSource clock;
    private FirstSeen nameless;

    /// @param oldest when the oldest event was received that a row tells of; empty where there is no row
    record Pending(long rows, Optional<Instant> oldest) {}

    /// The lowest row without a receipt.
    private record FirstSeen(Long id, Instant at) {}

    OutboxBacklog(Pool pool, InstantSource clock) {
        this.pool = pool;
        this.clock = clock;
    }

    @Override
    public Pending look() {
        Row row = pool.query(PENDING).execute().await().atMost(SILENCE).iterator().next();
        OffsetDateTime receivedAt = row.getOffsetDateTime(1);
        return new Pending(row.getLong(0), Stream.of(
                receivedAt == null ? null : receivedAt.toInstant(), firstSeen(row.getLong(2)))
                .filter(Objects::nonNull)
                .min(Instant::compareTo));
    }

    private Instant firstSeen(Long id) {
        if (id == null) {
            nameless = null;
            return null;
        }
        if (nameless == null || !nameless.id.equals(id)) {
            nameless = new FirstSeen(id, clock.instant());
        }
        return nameless.at;
    }
}
