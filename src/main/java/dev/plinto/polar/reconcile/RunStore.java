package dev.plinto.polar.reconcile;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.polar.PolarObject.Kind;
import dev.plinto.polar.postgres.Statements;
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
import org.jspecify.annotations.Nullable;

/// The state of reconciliation: its requests and the progress of the current run. Only the replica that holds the lease
/// can change that progress; one that was suspended meanwhile changes nothing.
@ApplicationScoped
class RunStore {

    static final String LEASE_HELD = " holder = $1 AND expires_at > clock_timestamp() ";

    private final Pool pool;

    RunStore(Pool pool) {
        this.pool = pool;
    }

    /// Another replica took the lease, and continues the run.
    static final class LeaseLost extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /// Requests a run that begins after the returned time, by the database's clock.
    Instant requestRun() {
        return single("UPDATE reconciliation SET wanted_at = clock_timestamp() RETURNING wanted_at", Tuple.tuple())
                .getOffsetDateTime(0).toInstant();
    }

    /// Whether a run broke off, was requested, or is due by its period.
    boolean isDue(Duration period) {
        return single("""
                SELECT step IS NOT NULL
                    OR wanted_at IS NOT NULL AND (started_at IS NULL OR started_at < wanted_at)
                    OR $1::bigint > 0 AND (succeeded_at IS NULL
                       OR succeeded_at < clock_timestamp() - $1::bigint * interval '1 ms')
                FROM reconciliation
                """, Tuple.of(period.toMillis())).getBoolean(0);
    }

    boolean isInspectionDue(Duration period) {
        return single("""
                SELECT inspected_at IS NULL OR inspected_at < clock_timestamp() - $1 * interval '1 ms'
                FROM reconciliation
                """, Tuple.of(period.toMillis())).getBoolean(0);
    }

    /// Empty unless a run broke off.
    Optional<Progress> unfinishedRun() {
        Row row = single("SELECT log_from, log_until, step, page FROM reconciliation", Tuple.tuple());
        return row.getString(2) == null
                ? Optional.empty()
                : Optional.of(new Progress(row.getOffsetDateTime(0).toInstant(),
                        Optional.ofNullable(Timestamps.toInstant(row.getOffsetDateTime(1))),
                        Step.of(row.getString(2)), row.getInteger(3)));
    }

    /// The time up to which runs have read Polar's delivery log, by Polar's clock.
    Optional<Instant> logReadUntil() {
        return Optional.ofNullable(Timestamps.toInstant(
                single("SELECT log_read_until FROM reconciliation", Tuple.tuple()).getOffsetDateTime(0)));
    }

    void begin(String holder, Progress progress) {
        fenced("""
                WITH begun AS (
                  UPDATE reconciliation
                  SET started_at = clock_timestamp(), log_from = $2, log_until = $3, step = $4, page = $5
                  WHERE %s RETURNING started_at
                ), recorded AS (
                  INSERT INTO reconciliation_runs (started_at) SELECT started_at FROM begun
                ), cleared AS (
                  DELETE FROM reconciliation_seen WHERE EXISTS (SELECT FROM begun)
                )
                SELECT 1 FROM begun
                """.formatted(LEASE_HELD),
                Tuple.of(holder, Timestamps.ofInstant(progress.logFrom()), logUntil(progress),
                        progress.step().name(), progress.page()));
    }

    void save(String holder, Progress progress) {
        fenced("UPDATE reconciliation SET step = $2, page = $3, log_until = $4 WHERE" + LEASE_HELD + "RETURNING 1",
                Tuple.of(holder, progress.step().name(), progress.page(), logUntil(progress)));
    }

    /// The next run does not read this part of the delivery log again.
    void saveLogRead(String holder) {
        fenced("UPDATE reconciliation SET log_read_until = coalesce(log_until, log_read_until) WHERE" + LEASE_HELD
                + "RETURNING 1", Tuple.of(holder));
    }

    void succeed(String holder) {
        fenced("""
                WITH ended AS (
                  UPDATE reconciliation
                  SET step = NULL, page = NULL, succeeded_at = clock_timestamp()
                  WHERE %s RETURNING started_at, succeeded_at
                ), recorded AS (
                  UPDATE reconciliation_runs SET ended_at = ended.succeeded_at, outcome = 'succeeded'
                  FROM ended WHERE reconciliation_runs.started_at = ended.started_at
                ), cleared AS (
                  DELETE FROM reconciliation_seen WHERE EXISTS (SELECT FROM ended)
                )
                SELECT 1 FROM ended
                """.formatted(LEASE_HELD), Tuple.of(holder));
    }

    /// Gives the run up: what it read cannot be trusted, or is incomplete. The next run starts from the first step.
    void abandon(String holder) {
        fenced("""
                WITH ended AS (
                  UPDATE reconciliation SET step = NULL, page = NULL WHERE %s RETURNING started_at
                ), recorded AS (
                  UPDATE reconciliation_runs SET ended_at = clock_timestamp(), outcome = 'given_up'
                  FROM ended WHERE reconciliation_runs.started_at = ended.started_at
                    AND reconciliation_runs.ended_at IS NULL
                ), cleared AS (
                  DELETE FROM reconciliation_seen WHERE EXISTS (SELECT FROM ended)
                )
                SELECT 1 FROM ended
                """.formatted(LEASE_HELD), Tuple.of(holder));
    }

    /// Records that Polar lists these objects, so that they are not [missing][#findMissing].
    void markListed(String holder, Kind kind, Collection<String> ids) {
        markSeen(holder, kind.wireName(), ids);
    }

    void markSeen(String holder, String kind, Collection<String> ids) {
        fenced("""
                WITH held AS (SELECT 1 FROM reconciliation WHERE %s), seen AS (
                  INSERT INTO reconciliation_seen (kind, id) SELECT $2::text, unnest($3::text[]) FROM held
                  ON CONFLICT DO NOTHING
                )
                SELECT 1 FROM held
                """.formatted(LEASE_HELD), Tuple.of(holder, kind, array(ids)));
    }

    /// Ids of [current objects][#findCurrent] that Polar did not list in this run.
    List<String> findMissing(Kind kind, Instant asOf, int limit) {
        return strings(await(Statements.execute(pool, selectCurrent(kind) + """
                 AND NOT EXISTS (SELECT FROM reconciliation_seen seen WHERE seen.kind = $2 AND seen.id = stored.id)
                ORDER BY id LIMIT $3
                """, Tuple.of(Timestamps.ofInstant(asOf), kind.wireName(), limit))));
    }

    /// Whether Polar listed any object of the kind in this run.
    boolean hasListed(Kind kind) {
        return single("SELECT EXISTS (SELECT FROM reconciliation_seen WHERE kind = $1)", Tuple.of(kind.wireName()))
                .getBoolean(0);
    }

    /// Ids of the objects that earlier runs did not find at Polar, the first of them at least that long ago.
    Set<String> foundMissingBefore(Kind kind, Duration ago) {
        return new HashSet<>(strings(await(Statements.execute(pool, """
                SELECT id FROM reconciliation_missing
                WHERE kind = $1 AND found_at < (SELECT started_at FROM reconciliation)
                  AND found_at <= clock_timestamp() - $2::bigint * interval '1 ms'
                """, Tuple.of(kind.wireName(), ago.toMillis())))));
    }

    /// Records all objects of the kind that this run did not find at Polar, as of now, and forgets the others. Of one
    /// that is recorded, the time stays.
    void saveMissing(String holder, Kind kind, Collection<String> ids) {
        fenced("""
                WITH held AS (SELECT FROM reconciliation WHERE %s), forgotten AS (
                  DELETE FROM reconciliation_missing WHERE kind = $2 AND id <> ALL ($3) AND EXISTS (SELECT FROM held)
                ), found AS (
                  INSERT INTO reconciliation_missing (kind, id, found_at)
                  SELECT $2::text, unnest($3::text[]), clock_timestamp() FROM held
                  ON CONFLICT DO NOTHING
                )
                SELECT 1 FROM held
                """.formatted(LEASE_HELD), Tuple.of(holder, kind.wireName(), array(ids)));
    }

    /// Ids of stored objects that have not ended, and whose newest statement is older than `asOf`.
    List<String> findCurrent(Kind kind, Instant asOf) {
        return strings(await(
                Statements.execute(pool, selectCurrent(kind) + " ORDER BY id", Tuple.of(Timestamps.ofInstant(asOf)))));
    }

    private static String selectCurrent(Kind kind) {
        return "SELECT id FROM " + switch (kind) {
            case CUSTOMER -> "customers stored WHERE deleted_at IS NULL";
            case SUBSCRIPTION -> "subscriptions stored WHERE (status <> 'canceled' OR ended_at IS NULL)";
            case GRANT -> "grants stored WHERE account IS NOT NULL";
            case MEMBER -> """
                    members stored WHERE deleted_at IS NULL AND EXISTS (
                      SELECT FROM reconciliation_seen shown
                      WHERE shown.kind = '%s' AND shown.id = stored.customer_id)
                    """.formatted(ListStore.shownOf(kind));
            case PRODUCT, METER, ORDER, CHECKOUT, SEAT, CUSTOMER_METER ->
                throw new IllegalArgumentException("Polar deletes no " + kind.wireName());
        } + " AND said_at < $1";
    }

    /// Those that are neither projected nor parked.
    Set<String> findUnprocessed(Collection<String> webhookIds) {
        return new HashSet<>(strings(await(Statements.execute(pool, """
                SELECT id FROM unnest($1::text[]) AS candidate (id)
                WHERE NOT EXISTS (SELECT FROM inbox WHERE webhook_id = id)
                  AND NOT EXISTS (SELECT FROM parked WHERE webhook_id = id)
                """, Tuple.of(array(webhookIds))))));
    }

    /// Bodies of the newest webhooks that Polar delivered, as far as they are still kept.
    List<byte[]> newestDeliveries(int limit) {
        return StreamSupport.stream(await(Statements.execute(pool, """
                SELECT body
                FROM (SELECT webhook_id, received_at FROM inbox WHERE origin IN ('webhook', 'spool')
                      ORDER BY received_at DESC LIMIT $1) AS newest JOIN payloads USING (webhook_id)
                ORDER BY newest.received_at DESC
                """, Tuple.of(limit))).spliterator(), false).map(row -> row.getBuffer(0).getBytes()).toList();
    }

    /// The object's account as last published, else its customer's; empty if neither is known.
    Optional<String> accountOf(Kind kind, String id, String customer) {
        String published = switch (kind) {
            case CUSTOMER -> "NULL";
            case SUBSCRIPTION -> "(SELECT account FROM subscriptions WHERE id = $1)";
            case GRANT -> """
                    (SELECT coalesce(grants.account, subscriptions.account)
                     FROM grants LEFT JOIN subscriptions ON subscriptions.id = grants.subscription_id
                     WHERE grants.id = $1)
                    """;
            case PRODUCT, METER, ORDER, CHECKOUT, MEMBER, SEAT, CUSTOMER_METER ->
                throw new IllegalArgumentException("not shown by account: " + kind.wireName());
        };
        return Optional.ofNullable(single("SELECT coalesce(" + published + ", (SELECT external_id FROM customers "
                + "WHERE id = $2)) WHERE $1 <> ''", Tuple.of(id, customer)).getString(0));
    }

    /// @throws LeaseLost unless the statement, whose first parameter is the holder, returns a row
    void fenced(String sql, Tuple parameters) {
        if (await(Statements.execute(pool, sql, parameters)).size() == 0) {
            throw new LeaseLost();
        }
    }

    private Row single(String sql, Tuple parameters) {
        return await(Statements.execute(pool, sql, parameters)).iterator().next();
    }

    private static List<String> strings(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false).map(row -> row.getString(0)).toList();
    }

    private static String[] array(Collection<String> strings) {
        return strings.toArray(String[]::new);
    }

    private static @Nullable OffsetDateTime logUntil(Progress progress) {
        return progress.logUntil().map(Timestamps::ofInstant).orElse(null);
    }
}
