package dev.plinto.polar.usage;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.postgres.Statements;
import dev.plinto.polar.postgres.Timestamps;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// The events that Polar has not taken yet, as they wait in the database.
final class UsageQueue {

    /// So that a clock of ours that is somewhat ahead of Polar's sends nothing from the future, and that events that
    /// come one after the other share a request.
    private static final String IS_DUE = "due_at <= clock_timestamp() - interval '500 ms'";

    /// From one organization to the next by the index, whatever the number of their events.
    private static final String ORGANIZATIONS = """
            WITH RECURSIVE found (organization, number) AS (
              (SELECT organization, 1 FROM usage_events WHERE state = 'pending' AND organization > $1
               ORDER BY organization LIMIT 1)
              UNION ALL
              SELECT (SELECT organization FROM usage_events
                      WHERE state = 'pending' AND organization > found.organization ORDER BY organization LIMIT 1),
                     number + 1
              FROM found WHERE organization IS NOT NULL AND number < $2
            )
            SELECT organization,
                   EXISTS (SELECT FROM usage_events
                           WHERE state = 'pending' AND organization = found.organization AND %s)
            FROM found WHERE organization IS NOT NULL ORDER BY number
            """.formatted(IS_DUE);

    /// The same share of each organization; then, from the first on, what else it has.
    private static final String EVENTS = """
            WITH shared AS MATERIALIZED (
              SELECT event.* FROM (
                SELECT organization, number, 0 AS taken, $2::integer AS most
                FROM unnest($1::text[]) WITH ORDINALITY AS share (organization, number)
                UNION ALL
                SELECT organization, cardinality($1::text[]) + number, $2, $3
                FROM unnest($1::text[]) WITH ORDINALITY AS rest (organization, number)
                ORDER BY number
              ) AS turn CROSS JOIN LATERAL (
                SELECT * FROM usage_events
                WHERE state = 'pending' AND organization = turn.organization AND %s
                ORDER BY due_at, id OFFSET turn.taken LIMIT turn.most
              ) AS event LIMIT $3
            )
            SELECT organization, id, event_name, quantity, properties, occurred_at FROM (
              SELECT *, sum(octet_length(event_name) + coalesce(octet_length(properties), 0))
                        OVER (ROWS UNBOUNDED PRECEDING) AS bytes
              FROM shared
            ) AS counted WHERE bytes <= $4
            """.formatted(IS_DUE);

    private final Pool pool;

    UsageQueue(Pool pool) {
        this.pool = pool;
    }

    /// An organization that has pending events.
    ///
    /// @param isDue whether one of them may be sent
    record Waiting(String organization, boolean isDue) {}

    /// Those that come next, in an order that is always the same.
    List<Waiting> organizations(String after, int most) {
        return list(ORGANIZATIONS, Tuple.of(after, most)).map(row -> new Waiting(row.getString(0), row.getBoolean(1)))
                .toList();
    }

    /// Due events: of each of these organizations the same share of `most`, its oldest first, and others up to `most`.
    /// Fewer if they are large, so that the last organizations may have none.
    ///
    /// @param bytes of names and properties, at most
    List<DueEvent> events(List<String> organizations, int most, int bytes) {
        int share = Math.max(1, most / organizations.size());
        return list(EVENTS, Tuple.of(organizations.toArray(String[]::new), share, most, bytes))
                .map(UsageQueue::event).toList();
    }

    private static DueEvent event(Row row) {
        return new DueEvent(row.getString("organization"), row.getUUID("id"), row.getString("event_name"),
                row.getBigDecimal("quantity"), row.getString("properties"),
                Timestamps.toInstant(row.getOffsetDateTime("occurred_at")));
    }

    private Stream<Row> list(String sql, Tuple parameters) {
        return StreamSupport.stream(await(Statements.execute(pool, sql, parameters)).spliterator(), false);
    }
}
