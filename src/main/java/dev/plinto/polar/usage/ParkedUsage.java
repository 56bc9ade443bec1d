package dev.plinto.polar.usage;

import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.Timestamps;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Events that Polar refuses, for an operator to decide on. Fails with the problem `database-unavailable` while the
/// database is away.
@ApplicationScoped
public class ParkedUsage {

    private static final String LIST = """
            SELECT organization, id, key, event_name, quantity, properties, occurred_at, accepted_at, due_at, reason
            FROM usage_events
            WHERE state = 'parked' AND organization >= $1 AND ($1, $2, $3) < (organization, due_at, id)
            ORDER BY organization, due_at, id LIMIT $4
            """;

    private static final String REPLAY = """
            WITH %s
            UPDATE usage_events AS event SET state = 'pending', reason = NULL, due_at = clock_timestamp()
            FROM held WHERE event.organization = held.organization AND event.id = held.id AND state = 'parked'
            RETURNING event.organization, event.id
            """.formatted(UsageOutcomes.HELD);

    private static final String DISCARD = """
            WITH %s
            DELETE FROM usage_events AS event USING held
            WHERE event.organization = held.organization AND event.id = held.id AND state = 'parked'
            RETURNING event.organization, event.id
            """.formatted(UsageOutcomes.HELD);

    private final RequestQueries queries;

    ParkedUsage(RequestQueries queries) {
        this.queries = queries;
    }

    /// Which event it is. An id is unique; the organization finds it.
    public record Reference(String organization, UUID id) {

        static Reference of(Row row) {
            return new Reference(row.getString("organization"), row.getUUID("id"));
        }
    }

    /// A place in the list of all parked events.
    public record Position(String organization, Instant dueAt, UUID id) {

        /// Before all of an organization; of the empty one, before all.
        public static Position before(String organization) {
            return new Position(organization, Instant.EPOCH, new UUID(0, 0));
        }
    }

    /// @param key        the producer's
    /// @param properties a JSON object; null if there are none
    /// @param reason     Polar's, which may repeat values of the event
    public record ParkedEvent(Reference reference, String key, String name, BigDecimal quantity,
            @Nullable String properties, Instant occurredAt, Instant acceptedAt, String reason, Position position) {

        static ParkedEvent of(Row row) {
            Reference reference = Reference.of(row);
            return new ParkedEvent(reference, row.getString("key"), row.getString("event_name"),
                    row.getBigDecimal("quantity"), row.getString("properties"),
                    Timestamps.toInstant(row.getOffsetDateTime("occurred_at")),
                    Timestamps.toInstant(row.getOffsetDateTime("accepted_at")), row.getString("reason"),
                    new Position(reference.organization, Timestamps.toInstant(row.getOffsetDateTime("due_at")),
                            reference.id));
        }

        /// Without what the producer sent.
        @Override
        public String toString() {
            return "ParkedEvent[reference=" + reference + "]";
        }
    }

    /// Those behind a place, by organization and then by time.
    public Uni<List<ParkedEvent>> list(Position after, int most) {
        return queries.query(LIST, Tuple.of(after.organization, Timestamps.ofInstant(after.dueAt), after.id, most),
                ParkedEvent::of);
    }

    /// Lets them be sent again, such as after a change at Polar. Returns those that were parked.
    public Uni<List<Reference>> replay(List<Reference> events) {
        return change(REPLAY, events);
    }

    /// They are never billed. Returns those that were parked.
    public Uni<List<Reference>> discard(List<Reference> events) {
        return change(DISCARD, events);
    }

    private Uni<List<Reference>> change(String sql, List<Reference> events) {
        return queries.change(sql, Tuple.of(events.stream().map(Reference::organization).toArray(String[]::new),
                events.stream().map(Reference::id).toArray(UUID[]::new)), Reference::of);
    }
}
