package dev.plinto.polar.usage;

import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.Timestamps;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.stream.Stream;

/// Reads what an organization has used, in one statement, so that all of it is of one moment: what a meter holds is not
/// pending.
@ApplicationScoped
class UsageQueries {

    /// The meters are those of the organization's own customers, and of customers of nobody who bought for it alone:
    /// what others used is theirs. Polar tells no meter as of a moment; so an event counts as pending until any of the
    /// organization's meters was changed after it was sent, since some events move no meter, at most 3 hours.
    ///
    /// A million events that wait are added up where they are read: as rows of `waiting` they would take three times as
    /// long, and a temporary file.
    private static final String USAGE = """
            WITH own AS (
              SELECT id FROM customers
              WHERE external_id = $1 AND deleted_at IS NULL
              UNION
              SELECT id FROM customers
              WHERE external_id IS NULL AND deleted_at IS NULL
                AND id IN (SELECT customer_id FROM subscriptions WHERE account = $1
                           UNION ALL SELECT customer_id FROM orders WHERE organization_id = $1)
                AND NOT EXISTS (
                  SELECT FROM (SELECT account FROM subscriptions WHERE customer_id = customers.id
                               UNION ALL SELECT organization_id FROM orders WHERE customer_id = customers.id) AS bought
                  WHERE account ~ '\\S' AND account <> $1 AND NOT starts_with(account, 'customer:'))
            ), told AS MATERIALIZED (
              SELECT meter_id, sum(consumed_units) AS consumed_units, sum(credited_units) AS credited_units,
                     sum(balance) AS balance, max(said_at) AS as_of
              FROM customer_meters
              WHERE customer_id IN (SELECT id FROM own) AND meter_id IS NOT NULL AND said_at IS NOT NULL
              GROUP BY meter_id
            ), waiting AS (
              SELECT event_name, sum(quantity) AS quantity FROM usage_events
              WHERE organization = $1 AND state IN ('pending', 'not_billable')
              GROUP BY event_name
              UNION ALL
              SELECT event_name, quantity FROM usage_sent
              WHERE organization = $1 AND sent_at > greatest(
                (SELECT max(as_of) FROM told), clock_timestamp() - interval '3 hours')
            )
            (SELECT meter_id, name, consumed_units, credited_units, balance, as_of,
                    NULL AS event_name, NULL::numeric AS quantity
             FROM told LEFT JOIN meters ON meters.id = meter_id
             ORDER BY name, meter_id LIMIT $2)
            UNION ALL
            (SELECT NULL, NULL, NULL, NULL, NULL, NULL, event_name, sum(quantity)
             FROM waiting GROUP BY event_name ORDER BY event_name LIMIT $2)
            """;
    /// Of each list, so that the answer is bounded: a producer can invent names.
    private static final int MOST = 500;

    private final RequestQueries database;

    UsageQueries(RequestQueries database) {
        this.database = database;
    }

    Uni<KnownUsage> of(String organizationId) {
        return database.query(USAGE, Tuple.of(organizationId, MOST), UsageQueries::read)
                .map(rows -> new KnownUsage(of(rows, KnownUsage.Meter.class).toList(),
                        of(rows, KnownUsage.Pending.class).toList()));
    }

    private static <T extends Record> Stream<T> of(List<Record> rows, Class<T> kind) {
        return rows.stream().filter(kind::isInstance).map(kind::cast);
    }

    private static Record read(Row row) {
        String event = row.getString("event_name");
        return event == null
                ? new KnownUsage.Meter(row.getString("meter_id"), row.getString("name"),
                        row.getBigDecimal("consumed_units"), row.getBigDecimal("credited_units"),
                        row.getBigDecimal("balance"), Timestamps.toText(row.getOffsetDateTime("as_of")))
                : new KnownUsage.Pending(event, row.getBigDecimal("quantity"));
    }
}
