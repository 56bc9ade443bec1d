package dev.plinto.polar.audit;

import dev.plinto.polar.postgres.Statements;
import dev.plinto.polar.postgres.Timestamps;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/// Compares the log's rows with their personal values, page by page, so that no statement takes long.
@ApplicationScoped
class PersonalValueStore {

    private static final int PAGE = 2_000;

    private final Pool pool;

    PersonalValueStore(Pool pool) {
        this.pool = pool;
    }

    /// The last id of the next values; empty if there are none.
    Future<Optional<Long>> endOfPage(long after) {
        return Statements.execute(pool,
                "SELECT max(id) FROM (SELECT id FROM audit_personal WHERE id > $1 ORDER BY id LIMIT $2) AS page",
                Tuple.of(after, PAGE)).map(rows -> Optional.ofNullable(rows.iterator().next().getLong(0)));
    }

    /// The rows, after one id until another, whose personal values are not those that they have the hash of.
    Future<List<Long>> rowsWithOtherValues(long after, long until) {
        return Statements.execute(pool, """
                SELECT log.id
                FROM audit_log AS log JOIN audit_personal AS personal ON personal.id = log.id
                WHERE personal.id > $1 AND personal.id <= $2
                GROUP BY log.id, personal.field
                HAVING count(*) > 1 OR bool_or(octet_length(personal.salt) <> 16)
                    OR bool_or(personal.organization IS DISTINCT FROM log.organization)
                    OR bool_or(sha256(personal.salt || convert_to(personal.value, 'UTF8')) IS DISTINCT FROM
                      CASE personal.field WHEN 'actor' THEN log.actor_sha256 ELSE log.reason_sha256 END)
                ORDER BY log.id
                """, Tuple.of(after, until)).map(PersonalValueStore::ids);
    }

    /// The ids, after one until another, of values without a row, as far as they were recorded since a moment. A row
    /// and its values are dropped together; where their times are in two partitions, the row goes first.
    Future<List<Long>> valuesWithoutRow(long after, long until, Instant since) {
        return Statements.execute(pool, """
                SELECT DISTINCT personal.id
                FROM audit_log AS log RIGHT JOIN audit_personal AS personal ON personal.id = log.id
                WHERE personal.id > $1 AND personal.id <= $2 AND personal.at >= $3 AND log.id IS NULL
                ORDER BY personal.id
                """, Tuple.of(after, until, Timestamps.ofInstant(since))).map(PersonalValueStore::ids);
    }

    /// From when on the log has a partition whose values have none; empty if that is from the first one on.
    Future<List<Optional<Instant>>> detached() {
        return Statements.execute(pool, """
                WITH bounds AS (
                  SELECT inhparent, pg_get_expr(relpartbound, pg_class.oid) AS bound
                  FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
                )
                SELECT substring(bound FROM 'FROM \\(''([^'']+)''\\)')::timestamptz AS lower
                FROM bounds
                WHERE inhparent = 'audit_log'::regclass
                  AND bound NOT IN (SELECT bound FROM bounds WHERE inhparent = 'audit_personal'::regclass)
                ORDER BY lower NULLS FIRST
                """).map(rows -> StreamSupport.stream(rows.spliterator(), false)
                .map(row -> Optional.ofNullable(Timestamps.toInstant(row.getOffsetDateTime(0)))).toList());
    }

    private static List<Long> ids(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false).map(row -> row.getLong(0)).toList();
    }

    /// @param erased how many values of these rows were erased
    /// @param at     of the last row of the page
    record ErasedPage(long erased, Instant at, long id) {}

    /// Of the rows after a place in the order of times; empty if there are none.
    Future<Optional<ErasedPage>> erasedAfter(Instant at, long id) {
        return Statements.execute(pool, """
                WITH page AS MATERIALIZED (
                  SELECT at, id, actor_sha256 IS NOT NULL AS actor, reason_sha256 IS NOT NULL AS reason
                  FROM audit_log WHERE (at, id) > ($1, $2) ORDER BY at, id LIMIT $3
                )
                SELECT at, id,
                       (SELECT count(*) FROM page WHERE actor AND NOT EXISTS (
                          SELECT FROM audit_personal WHERE id = page.id AND field = 'actor'))
                     + (SELECT count(*) FROM page WHERE reason AND NOT EXISTS (
                          SELECT FROM audit_personal WHERE id = page.id AND field = 'reason'))
                FROM page ORDER BY at DESC, id DESC LIMIT 1
                """, Tuple.of(Timestamps.ofInstant(at), id, PAGE))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(PersonalValueStore::erased)
                        .findFirst());
    }

    private static ErasedPage erased(Row row) {
        return new ErasedPage(row.getLong(2), row.getOffsetDateTime(0).toInstant(), row.getLong(1));
    }
}
