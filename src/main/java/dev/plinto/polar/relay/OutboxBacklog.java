package dev.plinto.polar.relay;

import dev.plinto.polar.postgres.Answers;
import dev.plinto.polar.postgres.Statements;
import dev.plinto.polar.telemetry.PeriodicSample;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Measures the outbox, independently of the relay. For use by one thread.
///
/// A row that an operator republished has no time of receipt; its age counts from the first sample that contains it.
final class OutboxBacklog implements PeriodicSample.Source<OutboxBacklog.Pending> {

    /// Bounded, to stay cheap when the relay has been stuck for hours: it counts up to 100,000 rows, and searches the
    /// oldest among the first thousand.
    private static final String PENDING = """
            SELECT (SELECT count(*) FROM (SELECT FROM outbox LIMIT 100000) AS counted),
                   min(received_at), min(id) FILTER (WHERE received_at IS NULL)
            FROM (SELECT id, received_at FROM outbox ORDER BY id LIMIT 1000) AS lowest
            """;

    private final Pool pool;
    private final InstantSource clock;
    private @Nullable FirstSeen lowestWithoutReceipt;

    /// @param oldest when the event behind the oldest row was received; empty if there is no row
    record Pending(long rows, Optional<Instant> oldest) {}

    private record FirstSeen(Long id, Instant at) {}

    OutboxBacklog(Pool pool, InstantSource clock) {
        this.pool = pool;
        this.clock = clock;
    }

    @Override
    public Pending read() {
        Row row = Answers.await(Statements.execute(pool, PENDING)).iterator().next();
        OffsetDateTime receivedAt = row.getOffsetDateTime(1);
        return new Pending(row.getLong(0), Stream.of(
                receivedAt == null ? null : receivedAt.toInstant(), firstSeen(row.getLong(2)))
                .filter(Objects::nonNull)
                .min(Instant::compareTo));
    }

    private @Nullable Instant firstSeen(@Nullable Long id) {
        if (id == null) {
            lowestWithoutReceipt = null;
            return null;
        }
        if (lowestWithoutReceipt == null || !lowestWithoutReceipt.id.equals(id)) {
            lowestWithoutReceipt = new FirstSeen(id, clock.instant());
        }
        return lowestWithoutReceipt.at;
    }
}
