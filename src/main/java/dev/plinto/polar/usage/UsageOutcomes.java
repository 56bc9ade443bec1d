package dev.plinto.polar.usage;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.postgres.Statements;
import dev.plinto.polar.postgres.Timestamps;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;

/// What has become of events, in the database. Each call is one transaction, and bounded.
final class UsageOutcomes {

    static final int CHUNK = 5_000;

    /// How long Polar may take to tell what it has taken, and some more.
    private static final String TOLD_BY_THEN = "4 hours";
    /// How long an event waits for its organization to get a customer.
    private static final String WAIT = "30 days";

    /// The events `$1`, `$2` in the order of their key, so that two statements about the same ones never wait for each
    /// other.
    static final String HELD = """
            held AS MATERIALIZED (
              SELECT event.organization, event.id
              FROM unnest($1::text[], $2::uuid[]) AS wanted (organization, id)
              JOIN usage_events AS event ON event.organization = wanted.organization AND event.id = wanted.id
              ORDER BY event.organization, event.id FOR UPDATE OF event
            )""";

    /// Only rows that are deleted are added up, so that each event is counted as sent once, whoever sends it how often.
    private static final String TAKEN = """
            WITH %s, taken AS (
              DELETE FROM usage_events AS event USING held
              WHERE event.organization = held.organization AND event.id = held.id
              RETURNING event.organization, event.event_name, event.quantity
            )
            INSERT INTO usage_sent (organization, event_name, quantity, events, sent_at)
            SELECT organization, event_name, sum(quantity), count(*), $3 FROM taken GROUP BY organization, event_name
            RETURNING events
            """.formatted(HELD);

    private static final String PARK = """
            WITH %s
            UPDATE usage_events AS event SET state = 'parked', reason = refused.reason
            FROM unnest($1::text[], $2::uuid[], $3::text[]) AS refused (organization, id, reason)
              JOIN held ON held.organization = refused.organization AND held.id = refused.id
            WHERE event.organization = refused.organization AND event.id = refused.id AND state = 'pending'
            """.formatted(HELD);

    private static final String POSTPONE = """
            WITH %s
            UPDATE usage_events AS event SET due_at = clock_timestamp() + $3::bigint * interval '1 ms'
            FROM held WHERE event.organization = held.organization AND event.id = held.id AND state = 'pending'
            """.formatted(HELD);

    /// From then on `due_at` says since when it waits.
    private static final String NOT_BILLABLE = """
            UPDATE usage_events SET state = 'not_billable', due_at = greatest(due_at, accepted_at)
            WHERE (organization, id) IN (
              SELECT organization, id FROM usage_events WHERE state = 'pending' AND organization = ANY ($1)
              LIMIT $2 FOR UPDATE SKIP LOCKED)
            """;

    private static final String BILLABLE = """
            UPDATE usage_events SET state = 'pending', due_at = clock_timestamp()
            WHERE (organization, id) IN (
              SELECT organization, id FROM usage_events WHERE state = 'not_billable' AND organization = ANY ($1)
              LIMIT $2 FOR UPDATE SKIP LOCKED)
            """;

    private static final String DROP = """
            DELETE FROM usage_events
            WHERE (organization, id) IN (
              SELECT organization, id FROM usage_events
              WHERE state = 'not_billable' AND organization = ANY ($1)
                AND due_at < clock_timestamp() - interval '%s' LIMIT $2 FOR UPDATE SKIP LOCKED)
            """.formatted(WAIT);

    private static final String FORGET_SENT = """
            DELETE FROM usage_sent WHERE id IN (
              SELECT id FROM usage_sent WHERE sent_at < clock_timestamp() - interval '%s' LIMIT $1)
            """.formatted(TOLD_BY_THEN);

    private static final String NOT_BILLABLE_ORGANIZATIONS = """
            WITH RECURSIVE found (organization, number) AS (
              (SELECT organization, 1 FROM usage_events WHERE state = 'not_billable' AND organization > $1
               ORDER BY organization LIMIT 1)
              UNION ALL
              SELECT (SELECT organization FROM usage_events
                      WHERE state = 'not_billable' AND organization > found.organization
                      ORDER BY organization LIMIT 1), number + 1
              FROM found WHERE organization IS NOT NULL AND number < $2
            )
            SELECT organization FROM found WHERE organization IS NOT NULL ORDER BY number
            """;

    private final Pool pool;

    UsageOutcomes(Pool pool) {
        this.pool = pool;
    }

    /// Polar has taken them.
    ///
    /// @param at by Polar's clock, not before Polar took them
    /// @return how many had not been recorded as taken before
    int taken(Collection<DueEvent> events, Instant at) {
        int recorded = 0;
        for (Row sums : executed(TAKEN, Tuple.of(organizations(events), ids(events), Timestamps.ofInstant(at)))) {
            recorded += sums.getInteger(0);
        }
        return recorded;
    }

    /// Polar refuses them, each for a reason. Returns how many were pending.
    int park(Map<DueEvent, String> refused) {
        List<DueEvent> events = List.copyOf(refused.keySet());
        return executed(PARK, Tuple.of(organizations(events), ids(events),
                events.stream().map(refused::get).toArray(String[]::new))).rowCount();
    }

    /// They are not sent before some time is over.
    void postpone(Collection<DueEvent> events, Duration time) {
        executed(POSTPONE, Tuple.of(organizations(events), ids(events), time.toMillis()));
    }

    /// Pending events of these organizations have no customer who pays for them. At most [#CHUNK].
    void notBillable(Collection<String> organizations) {
        executed(NOT_BILLABLE, Tuple.of(organizations.toArray(String[]::new), CHUNK));
    }

    /// These organizations have a customer by now. Returns how many events are pending again, at most [#CHUNK].
    int billable(Collection<String> organizations) {
        return executed(BILLABLE, Tuple.of(organizations.toArray(String[]::new), CHUNK)).rowCount();
    }

    /// Deletes what has waited in vain for a customer. Returns how many, at most [#CHUNK].
    int drop(Collection<String> organizations) {
        return executed(DROP, Tuple.of(organizations.toArray(String[]::new), CHUNK)).rowCount();
    }

    /// The organizations with events that are not billable, by and by.
    List<String> notBillable(String after, int most) {
        return StreamSupport.stream(executed(NOT_BILLABLE_ORGANIZATIONS, Tuple.of(after, most)).spliterator(), false)
                .map(row -> row.getString(0)).toList();
    }

    /// Deletes sums that every meter must have told by now. Returns how many, at most [#CHUNK].
    int forgetSent() {
        return executed(FORGET_SENT, Tuple.of(CHUNK)).rowCount();
    }

    private RowSet<Row> executed(String sql, Tuple parameters) {
        return await(Statements.execute(pool, sql, parameters));
    }

    private static String[] organizations(Collection<DueEvent> events) {
        return events.stream().map(DueEvent::organization).toArray(String[]::new);
    }

    private static UUID[] ids(Collection<DueEvent> events) {
        return events.stream().map(DueEvent::id).toArray(UUID[]::new);
    }
}
