package dev.plinto.polar.ops;

import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.Timestamps;
import dev.plinto.polar.projection.ParkReason;
import dev.plinto.polar.projection.census.CensusStore;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The part of the overview that any replica can read from the database, whatever its roles.
@ApplicationScoped
class OverviewStore {

    private final RequestQueries database;

    OverviewStore(RequestQueries database) {
        this.database = database;
    }

    /// From one organization to the next by the index, however many events each has. At most 10,000 organizations,
    /// since all are sent at the same pace.
    private static final String OLDEST_UNSENT_USAGE = """
            WITH RECURSIVE found (organization, due_at, number) AS (
              (SELECT organization, due_at, 1 FROM usage_events WHERE state = 'pending'
               ORDER BY organization, due_at LIMIT 1)
              UNION ALL
              SELECT next.organization, next.due_at, number + 1
              FROM found CROSS JOIN LATERAL (
                SELECT organization, due_at FROM usage_events
                WHERE state = 'pending' AND organization > found.organization ORDER BY organization, due_at LIMIT 1
              ) AS next WHERE number < 10000
            )
            SELECT extract(epoch FROM clock_timestamp() - min(due_at))::float8 FROM found""";

    /// Without the lag of the projection. A replica's clock may be ahead, so negative times count as 0.
    Uni<Overview.Lateness> lateness() {
        return database.query("""
                WITH lately AS (
                  SELECT greatest(0, extract(epoch FROM projected_at - received_at))::float8 AS seconds, projected_at
                  FROM inbox WHERE projected_at > now() - interval '1 hour' AND origin = 'webhook'
                  ORDER BY projected_at DESC LIMIT 1000
                )
                SELECT (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FROM lately),
                       (SELECT percentile_cont(0.99) WITHIN GROUP (ORDER BY seconds) FROM lately),
                       (SELECT max(projected_at) FROM inbox),
                       (SELECT count(*) FROM (SELECT FROM outbox LIMIT 100000) AS counted),
                       (SELECT count(*) FROM (SELECT FROM spooled LIMIT 100000) AS counted),
                       (SELECT extract(epoch FROM clock_timestamp() - min(received_at))::float8
                        FROM (SELECT received_at FROM outbox ORDER BY id LIMIT 1000) AS lowest),
                       (%s)
                """.formatted(OLDEST_UNSENT_USAGE), Tuple.tuple(),
                row -> new Overview.Lateness(null, positive(row.getDouble(5)),
                        row.getDouble(0), row.getDouble(1), Timestamps.toText(row.getOffsetDateTime(2)), row.getLong(3),
                        row.getLong(4), positive(row.getDouble(6))))
                .map(List::getFirst);
    }

    Uni<Map<String, Long>> parked() {
        return database.query("SELECT reason, count(*) FROM parked GROUP BY reason", Tuple.tuple(),
                row -> Map.entry(row.getString(0), row.getLong(1))).map(found -> {
                    Map<String, Long> parked = new LinkedHashMap<>();
                    for (ParkReason.Kind kind : ParkReason.Kind.values()) {
                        parked.put(kind.wireName(), 0L);
                    }
                    found.forEach(reason -> parked.put(reason.getKey(), reason.getValue()));
                    return parked;
                });
    }

    Uni<Long> unlinkedAccounts() {
        return database.query(CensusStore.UNLINKED_ACCOUNTS, Tuple.tuple(), row -> row.getLong(0)).map(List::getFirst);
    }

    Uni<List<String>> unmappedPlans() {
        return database.query(CensusStore.UNMAPPED_PLANS, Tuple.tuple(), row -> row.getString(0));
    }

    Uni<Long> doubleSubscriptions() {
        return database.query(CensusStore.DOUBLE_SUBSCRIPTIONS, Tuple.tuple(), row -> row.getLong(0))
                .map(List::getFirst);
    }

    Uni<Long> parkedUsage() {
        return database.query("""
                SELECT count(*) FROM (SELECT FROM usage_events WHERE state = 'parked' LIMIT 100000) AS counted
                """, Tuple.tuple(), row -> row.getLong(0)).map(List::getFirst);
    }

    /// Without a holder if the lease has expired.
    Uni<Overview.Relay> relay() {
        return database.query("SELECT holder, expires_at FROM relay_lease WHERE expires_at > clock_timestamp()",
                Tuple.tuple(), row -> new Overview.Relay(row.getString(0), Timestamps.toText(row.getOffsetDateTime(1))))
                .map(found -> found.isEmpty() ? new Overview.Relay(null, null) : found.getFirst());
    }

    /// Next offset by partition of a topic; where its id is not known, of the one with the most projected events.
    Uni<Map<Integer, Long>> positions(Optional<String> topicId) {
        return database.query("""
                SELECT partition, next_offset FROM positions WHERE topic_id = coalesce($1, (
                  SELECT topic_id FROM positions GROUP BY topic_id ORDER BY sum(next_offset) DESC LIMIT 1))
                """, Tuple.of(topicId.orElse(null)), row -> Map.entry(row.getInteger(0), row.getLong(1))).map(found -> {
            Map<Integer, Long> positions = new TreeMap<>();
            found.forEach(position -> positions.put(position.getKey(), position.getValue()));
            return positions;
        });
    }

    private static Double positive(@Nullable Double seconds) {
        return seconds == null ? 0 : Math.max(0, seconds);
    }
}
