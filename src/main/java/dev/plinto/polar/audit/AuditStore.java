package dev.plinto.polar.audit;

import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.postgres.Statements;
import dev.plinto.polar.postgres.Timestamps;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/// What is kept of the audit log, and from when.
@ApplicationScoped
class AuditStore {

    private final Pool pool;

    AuditStore(Pool pool) {
        this.pool = pool;
    }

    /// Drops the partitions that end before the moment and are sealed, but never the last one, and records that in the
    /// log itself.
    ///
    /// @return until when rows were dropped; empty if none were
    Future<Optional<Instant>> forget(Instant before) {
        return pool.withTransaction(connection -> connection
                .query("SELECT pg_advisory_xact_lock(hashtext('audit_seals'))").execute() // one replica at a time
                .flatMap(locked -> connection.preparedQuery("""
                        SELECT max(upper_bound) FROM partitions_of('audit_log')
                        WHERE upper_bound <= least($1, (SELECT max(hour) + interval '1 hour' FROM audit_seals))
                          AND upper_bound < (SELECT max(upper_bound) FROM partitions_of('audit_log'))
                        """).execute(Tuple.of(Timestamps.ofInstant(before))))
                .map(AuditStore::moment)
                .flatMap(until -> until.isEmpty()
                        ? Future.succeededFuture(until)
                        : drop(until.get(), connection).map(until)));
    }

    private static Future<?> drop(Instant until, SqlConnection connection) {
        return connection.preparedQuery("""
                INSERT INTO audit_log (actor_kind, actor, way, action, target)
                VALUES ('system', 'retention', 'system', $1, $2) RETURNING id
                """).execute(Tuple.of(Action.FORGET_AUDIT_LOG.wireName(), Rfc3339.format(until)))
                .flatMap(begun -> connection.preparedQuery("""
                        SELECT drop_partitions('audit_log', $1) + drop_partitions('audit_personal', $1)
                        """).execute(Tuple.of(Timestamps.ofInstant(until)))
                        .flatMap(dropped -> connection
                                .preparedQuery("INSERT INTO audit_log (begun, result) VALUES ($1, $2)")
                                .execute(Tuple.of(begun.iterator().next().getLong(0),
                                        dropped.iterator().next().getInteger(0) + " partitions dropped"))));
    }

    /// The begin of the oldest partition; empty if none was ever dropped.
    Future<Optional<Instant>> oldestKept() {
        return moment("""
                SELECT min(substring(pg_get_expr(relpartbound, oid) FROM 'FROM \\(''([^'']+)''\\)')::timestamptz)
                FROM pg_class WHERE oid IN (SELECT partition FROM partitions_of('audit_log'))
                HAVING bool_and(pg_get_expr(relpartbound, oid) NOT LIKE '%MINVALUE%')
                """, Tuple.tuple());
    }

    /// How many rows there are, by hour.
    Future<Map<Instant, Long>> rowsByHour() {
        return Statements.execute(pool, "SELECT date_trunc('hour', at, 'UTC'), count(*) FROM audit_log GROUP BY 1")
                .map(rows -> {
                    Map<Instant, Long> counts = new HashMap<>();
                    rows.forEach(row -> counts.put(row.getOffsetDateTime(0).toInstant(), row.getLong(1)));
                    return counts;
                });
    }

    /// The rows whose personal values are not those that they have the hash of.
    Future<List<Long>> rowsWithOtherValues(int limit) {
        return Statements.execute(pool, """
                SELECT personal.id
                FROM audit_personal AS personal JOIN audit_log AS log ON log.id = personal.id
                GROUP BY personal.id, personal.field
                HAVING count(*) > 1 OR bool_or(octet_length(personal.salt) <> 16)
                    OR bool_or(personal.organization IS DISTINCT FROM log.organization)
                    OR bool_or(sha256(personal.salt || convert_to(personal.value, 'UTF8')) IS DISTINCT FROM
                      CASE personal.field WHEN 'actor' THEN log.actor_sha256 ELSE log.reason_sha256 END)
                ORDER BY personal.id LIMIT $1
                """, Tuple.of(limit)).map(rows -> StreamSupport.stream(rows.spliterator(), false)
                .map(row -> row.getLong(0)).toList());
    }

    /// How many personal values were erased.
    Future<Long> erasedValues() {
        return Statements.execute(pool, """
                SELECT (SELECT count(*) FROM audit_log WHERE actor_sha256 IS NOT NULL AND NOT EXISTS (
                          SELECT FROM audit_personal WHERE id = audit_log.id AND field = 'actor'))
                     + (SELECT count(*) FROM audit_log WHERE reason_sha256 IS NOT NULL AND NOT EXISTS (
                          SELECT FROM audit_personal WHERE id = audit_log.id AND field = 'reason'))
                """).map(rows -> rows.iterator().next().getLong(0));
    }

    private Future<Optional<Instant>> moment(String sql, Tuple parameters) {
        return Statements.execute(pool, sql, parameters).map(AuditStore::moment);
    }

    private static Optional<Instant> moment(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .flatMap(row -> Optional.ofNullable(Timestamps.toInstant(row.getOffsetDateTime(0))).stream())
                .findFirst();
    }
}
