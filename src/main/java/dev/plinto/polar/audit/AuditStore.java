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
import java.util.List;
import java.util.Locale;
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

    /// When the first row from the moment on is; empty if there is none.
    Future<Optional<Instant>> firstRow(Instant from) {
        return moment("SELECT at FROM audit_log WHERE at >= $1 ORDER BY at LIMIT 1",
                Tuple.of(Timestamps.ofInstant(from)));
    }

    /// What only one row may have: its id, and the action of which it is the result.
    enum UniqueColumn {
        ID, BEGUN;

        private String sqlName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    record RowPlace(Instant at, long id) {}

    /// The last value of the next rows in the order of this column; empty if there are none.
    Future<Optional<Long>> endOfPage(UniqueColumn column, long after) {
        return Statements.execute(pool, """
                SELECT max(%1$s) FROM (SELECT %1$s FROM audit_log WHERE %1$s > $1 ORDER BY %1$s LIMIT 2000) AS page
                """.formatted(column.sqlName()), Tuple.of(after))
                .map(rows -> Optional.ofNullable(rows.iterator().next().getLong(0)));
    }

    /// The rows, after one value of the column until another, that have the value of an earlier row.
    Future<List<RowPlace>> repeated(UniqueColumn column, long after, long until) {
        return Statements.execute(pool, """
                SELECT at, id
                FROM (SELECT at, id, row_number() OVER (PARTITION BY %1$s ORDER BY at, id) AS place
                      FROM audit_log WHERE %1$s > $1 AND %1$s <= $2) AS rows
                WHERE place > 1 ORDER BY at, id
                """.formatted(column.sqlName()), Tuple.of(after, until))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new RowPlace(row.getOffsetDateTime(0).toInstant(), row.getLong(1))).toList());
    }

    /// The ids of some rows whose time is before that of any hour.
    Future<List<Long>> rowsBeforeAllHours() {
        return Statements.execute(pool, "SELECT id FROM audit_log WHERE at < '1970-01-01Z' ORDER BY at LIMIT 1000",
                Tuple.tuple()).map(
                        rows -> StreamSupport.stream(rows.spliterator(), false)
                                .map(row -> row.getLong(0)).toList());
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
