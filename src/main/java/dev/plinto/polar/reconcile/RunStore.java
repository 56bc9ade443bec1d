package dev.plinto.polar.reconcile;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.polar.PolarObject.Kind;
import dev.plinto.polar.postgres.Timestamps;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/// Who reconciles, and how far that is. What the run under way changes here, only the replica that holds the lease can
/// change: one that was suspended and wakes up changes nothing.
@ApplicationScoped
class RunStore {

    private static final String HELD = " holder = $1 AND expires_at > clock_timestamp() ";

    private final Pool pool;

    RunStore(Pool pool) {
        this.pool = pool;
    }

    /// Another replica goes on with the run.
    static final class LeaseLost extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /// Asks for a run that begins from now on.
    Instant want() {
        return one("UPDATE reconciliation SET wanted_at = clock_timestamp() RETURNING wanted_at", Tuple.tuple())
                .getOffsetDateTime(0).toInstant();
    }

    /// Whether a run broke off, was asked for, or is due again.
    boolean isDue(Duration period) {
        return one("""
                SELECT step IS NOT NULL
                    OR wanted_at IS NOT NULL AND (started_at IS NULL OR started_at < wanted_at)
                    OR $1::bigint > 0 AND (succeeded_at IS NULL
                       OR succeeded_at < clock_timestamp() - $1::bigint * interval '1 ms')
                FROM reconciliation
                """, Tuple.of(period.toMillis())).getBoolean(0);
    }

    boolean isInspectionDue(Duration period) {
        return one("""
                SELECT inspected_at IS NULL OR inspected_at < clock_timestamp() - $1 * interval '1 ms'
                FROM reconciliation
                """, Tuple.of(period.toMillis())).getBoolean(0);
    }

    /// Empty where no run broke off.
    Optional<Progress> unfinished() {
        Row row = one("SELECT log_from, log_until, step, page FROM reconciliation", Tuple.tuple());
        return row.getString(2) == null
                ? Optional.empty()
                : Optional.of(new Progress(Timestamps.toInstant(row.getOffsetDateTime(0)),
                        Optional.ofNullable(Timestamps.toInstant(row.getOffsetDateTime(1))),
                        Step.of(row.getString(2)), row.getInteger(3)));
    }

    /// Up to when runs that succeeded have read Polar's delivery log.
    Optional<Instant> logReadUntil() {
        return Optional.ofNullable(Timestamps.toInstant(
                one("SELECT log_read_until FROM reconciliation", Tuple.tuple()).getOffsetDateTime(0)));
    }

    void begin(String holder, Progress progress) {
        fenced("""
                WITH begun AS (
                  UPDATE reconciliation
                  SET started_at = clock_timestamp(), log_from = $2, log_until = $3, step = $4, page = $5
                  WHERE %s RETURNING started_at
                ), noted AS (
                  INSERT INTO reconciliation_runs (started_at) SELECT started_at FROM begun
                ), forgotten AS (
                  DELETE FROM reconciliation_seen WHERE EXISTS (SELECT FROM begun)
                )
                SELECT 1 FROM begun
                """.formatted(HELD), Tuple.of(holder, Timestamps.ofInstant(progress.logFrom()), logUntil(progress),
                progress.step().name(), progress.page()));
    }

    void save(String holder, Progress progress) {
        fenced("UPDATE reconciliation SET step = $2, page = $3, log_until = $4 WHERE" + HELD + "RETURNING 1",
                Tuple.of(holder, progress.step().name(), progress.page(), logUntil(progress)));
    }

    /// The next run need not read the part of the delivery log that this one has read.
    void keepLogRead(String holder) {
        fenced("UPDATE reconciliation SET log_read_until = coalesce(log_until, log_read_until) WHERE" + HELD
                + "RETURNING 1", Tuple.of(holder));
    }

    void succeed(String holder) {
        fenced("""
                WITH ended AS (
                  UPDATE reconciliation
                  SET step = NULL, page = NULL, succeeded_at = clock_timestamp()
                  WHERE %s RETURNING started_at, succeeded_at
                ), noted AS (
                  UPDATE reconciliation_runs SET ended_at = ended.succeeded_at, outcome = 'succeeded'
                  FROM ended WHERE reconciliation_runs.started_at = ended.started_at
                ), forgotten AS (
                  DELETE FROM reconciliation_seen WHERE EXISTS (SELECT FROM ended)
                )
                SELECT 1 FROM ended
                """.formatted(HELD), Tuple.of(holder));
    }

    /// The next run begins anew: what this one read was not to be trusted.
    void abandon(String holder) {
        fenced("""
                WITH ended AS (
                  UPDATE reconciliation SET step = NULL, page = NULL WHERE %s RETURNING started_at
                ), noted AS (
                  UPDATE reconciliation_runs SET ended_at = clock_timestamp(), outcome = 'given_up'
                  FROM ended WHERE reconciliation_runs.started_at = ended.started_at
                    AND reconciliation_runs.ended_at IS NULL
                ), forgotten AS (
                  DELETE FROM reconciliation_seen WHERE EXISTS (SELECT FROM ended)
                )
                SELECT 1 FROM ended
                """.formatted(HELD), Tuple.of(holder));
    }

    /// Also where no id is new.
    void see(String holder, Kind kind, Collection<String> ids) {
        fenced("""
                WITH held AS (SELECT 1 FROM reconciliation WHERE %s), seen AS (
                  INSERT INTO reconciliation_seen (kind, id) SELECT $2::text, unnest($3::text[]) FROM held
                  ON CONFLICT DO NOTHING
                )
                SELECT 1 FROM held
                """.formatted(HELD), Tuple.of(holder, kind.wireName(), array(ids)));
    }

    /// What we hold, that has not ended, that the lists did not have, and of which nothing newer is known.
    List<String> unseen(Kind kind, Instant asOf, int most) {
        return texts(await(pool.preparedQuery(held(kind) + """
                 AND NOT EXISTS (SELECT FROM reconciliation_seen seen WHERE seen.kind = $2 AND seen.id = held.id)
                ORDER BY id LIMIT $3
                """).execute(Tuple.of(Timestamps.ofInstant(asOf), kind.wireName(), most))));
    }

    /// The same, whatever the lists had.
    List<String> held(Kind kind, Instant asOf) {
        return texts(
                await(pool.preparedQuery(held(kind) + " ORDER BY id").execute(Tuple.of(Timestamps.ofInstant(asOf)))));
    }

    private static String held(Kind kind) {
        return "SELECT id FROM " + switch (kind) {
            case CUSTOMER -> "customers held WHERE deleted_at IS NULL";
            case SUBSCRIPTION -> "subscriptions held WHERE (status <> 'canceled' OR ended_at IS NULL)";
            case GRANT -> "grants held WHERE account IS NOT NULL";
        } + " AND said_at < $1";
    }

    /// Those that were neither projected nor parked.
    Set<String> unknown(Collection<String> webhookIds) {
        return new HashSet<>(texts(await(pool.preparedQuery("""
                SELECT id FROM unnest($1::text[]) AS asked (id)
                WHERE NOT EXISTS (SELECT FROM inbox WHERE webhook_id = id)
                  AND NOT EXISTS (SELECT FROM parked WHERE webhook_id = id)
                """).execute(Tuple.of(array(webhookIds))))));
    }

    /// The bodies of the newest webhooks that came by themselves, where they are still kept.
    List<byte[]> newestDeliveries(int most) {
        return StreamSupport.stream(await(pool.preparedQuery("""
                SELECT body
                FROM (SELECT webhook_id, received_at FROM inbox WHERE origin IN ('webhook', 'spool')
                      ORDER BY received_at DESC LIMIT $1) AS newest JOIN payloads USING (webhook_id)
                ORDER BY newest.received_at DESC
                """).execute(Tuple.of(most))).spliterator(), false).map(row -> row.getBuffer(0).getBytes()).toList();
    }

    /// Whose it is, as published last, else whose its customer is; empty where neither is known.
    Optional<String> account(Kind kind, String id, String customer) {
        String published = switch (kind) {
            case CUSTOMER -> "NULL";
            case SUBSCRIPTION -> "(SELECT account FROM subscriptions WHERE id = $1)";
            case GRANT -> """
                    (SELECT coalesce(grants.account, subscriptions.account)
                     FROM grants LEFT JOIN subscriptions ON subscriptions.id = grants.subscription_id
                     WHERE grants.id = $1)
                    """;
        };
        return Optional.ofNullable(one("SELECT coalesce(" + published + ", (SELECT external_id FROM customers "
                + "WHERE id = $2)) WHERE $1 <> ''", Tuple.of(id, customer)).getString(0));
    }

    private void fenced(String sql, Tuple parameters) {
        if (await(pool.preparedQuery(sql).execute(parameters)).size() == 0) {
            throw new LeaseLost();
        }
    }

    private Row one(String sql, Tuple parameters) {
        return await(pool.preparedQuery(sql).execute(parameters)).iterator().next();
    }

    private static List<String> texts(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false).map(row -> row.getString(0)).toList();
    }

    private static String[] array(Collection<String> texts) {
        return texts.toArray(String[]::new);
    }

    private static OffsetDateTime logUntil(Progress progress) {
        return progress.logUntil().map(Timestamps::ofInstant).orElse(null);
    }
}
