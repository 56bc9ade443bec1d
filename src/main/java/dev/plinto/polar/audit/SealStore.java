package dev.plinto.polar.audit;

import dev.plinto.polar.postgres.Statements;
import dev.plinto.polar.postgres.Timestamps;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// The seals of the audit log's hours, and the rows that they cover.
@ApplicationScoped
class SealStore {

    private static final int ROWS_AT_ONCE = 5_000;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /// So that clocks of the database that differ after a failover seal nothing too early.
    private static final String GRACE = "interval '5 minutes'";

    private static final String ROWS = "SELECT " + RowDigest.COLUMNS
            + " FROM audit_log WHERE at < $1 AND (at, id) > ($2, $3) ORDER BY at, id LIMIT " + ROWS_AT_ONCE;
    private static final String SEALS = "SELECT hour, rows, digests, sha256 FROM audit_seals ";

    private static final String PAGE = """
            SELECT hour, rows, digests, sha256
            FROM (
              SELECT *, row_number() OVER hours AS place, sum(octet_length(digests)) OVER hours AS bytes
              FROM (SELECT * FROM audit_seals WHERE hour > $1 ORDER BY hour LIMIT 100) AS next
              WINDOW hours AS (ORDER BY hour)
            ) AS page
            WHERE place = 1 OR bytes <= 1000000
            ORDER BY hour
            """;

    private final Pool pool;
    private final Duration patience;

    @Inject
    SealStore(Pool pool) {
        this(pool, PATIENCE);
    }

    /// @param patience how long a seal waits for transactions that have written to its hour
    SealStore(Pool pool, Duration patience) {
        this.pool = pool;
        this.patience = patience;
    }

    /// Seals the oldest hour that is over and not sealed, once all its rows are committed.
    ///
    /// @return empty if all hours are sealed
    Future<Optional<Seal>> sealNext() {
        return pool.withTransaction(connection -> connection
                .query("SET LOCAL lock_timeout = " + patience.toMillis()).execute()
                .flatMap(set -> connection.query("SELECT pg_advisory_xact_lock(hashtext('audit_seals'))").execute())
                .flatMap(locked -> connection.query(SEALS + "ORDER BY hour DESC LIMIT 1").execute())
                .flatMap(last -> sealAfter(last.size() == 0 ? null : seal(last.iterator().next()), connection)));
    }

    private static Future<Optional<Seal>> sealAfter(@Nullable Seal before, SqlConnection connection) {
        return connection.preparedQuery("""
                SELECT hour, pg_advisory_xact_lock(hashtext('audit_log'), audit_hour(hour))
                FROM (SELECT coalesce($1, date_trunc('hour', (SELECT min(at) FROM audit_log), 'UTC')) AS hour) AS next
                WHERE hour + interval '1 hour' + %s <= clock_timestamp()
                """.formatted(GRACE)).execute(Tuple.of(before == null ? null : Timestamps.ofInstant(before.end())))
                .flatMap(next -> {
                    if (next.size() == 0) {
                        return Future.succeededFuture(Optional.empty());
                    }
                    Instant hour = next.iterator().next().getOffsetDateTime(0).toInstant();
                    return digests(connection, hour)
                            .map(rows -> Seal.of(before, hour, rows))
                            .flatMap(seal -> insert(seal, connection).map(Optional.of(seal)));
                });
    }

    private static Future<?> insert(Seal seal, SqlConnection connection) {
        return connection.preparedQuery("INSERT INTO audit_seals (hour, rows, digests, sha256) VALUES ($1, $2, $3, $4)")
                .execute(Tuple.of(Timestamps.ofInstant(seal.hour()), seal.rows(), Buffer.buffer(seal.digests()),
                        Buffer.buffer(seal.sha256())));
    }

    /// Of the hour's rows as they are now, in the order of ids.
    Future<List<RowDigest>> digests(Instant hour) {
        return pool.withConnection(connection -> digests(connection, hour));
    }

    private static Future<List<RowDigest>> digests(SqlConnection client, Instant hour) {
        return digestsAfter(client, hour, hour.minus(1, ChronoUnit.MICROS), Long.MAX_VALUE, new ArrayList<>())
                .map(digests -> digests.stream().sorted(Comparator.comparingLong(RowDigest::id)).toList());
    }

    private static Future<List<RowDigest>> digestsAfter(SqlConnection client, Instant hour, Instant at, long id,
            List<RowDigest> digests) {
        return client.preparedQuery(ROWS)
                .execute(Tuple.of(Timestamps.ofInstant(hour.plus(Seal.HOUR)), Timestamps.ofInstant(at), id))
                .flatMap(rows -> {
                    Instant lastAt = at;
                    for (Row row : rows) {
                        digests.add(RowDigest.of(row));
                        lastAt = row.getOffsetDateTime(1).toInstant();
                    }
                    return rows.size() < ROWS_AT_ONCE
                            ? Future.succeededFuture(digests)
                            : digestsAfter(client, hour, lastAt, digests.getLast().id(), digests);
                });
    }

    /// The next ones in the order of hours: as many as memory has room for, and at least one. Empty at the end.
    Future<List<Seal>> sealsAfter(Instant hour) {
        return Statements.execute(pool, PAGE, Tuple.of(Timestamps.ofInstant(hour)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(SealStore::seal).toList());
    }

    /// Of the seal of the hour; empty if it has none.
    Future<Optional<byte[]>> sha256(Instant hour) {
        return Statements.execute(pool, "SELECT sha256 FROM audit_seals WHERE hour = $1",
                Tuple.of(Timestamps.ofInstant(hour)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getBuffer(0).getBytes()).findFirst());
    }

    /// In one statement, so that an hour that is sealed meanwhile is in both numbers or in none; empty if no seal was
    /// ever made.
    Future<Optional<SealChain>> chain() {
        return Statements.execute(pool, """
                SELECT first_hour, first_sha256, seals, coalesce(hours + 1, 0)
                FROM audit_chain, LATERAL (
                  SELECT extract(epoch FROM max(hour) - first_hour)::bigint / 3600 AS hours FROM audit_seals) AS newest
                """).map(rows -> StreamSupport.stream(rows.spliterator(), false)
                .map(row -> new SealChain(row.getOffsetDateTime(0).toInstant(), row.getBuffer(1).getBytes(),
                        row.getLong(2), row.getLong(3)))
                .findFirst());
    }

    private static Seal seal(Row row) {
        return new Seal(row.getOffsetDateTime(0).toInstant(), row.getInteger(1), row.getBuffer(2).getBytes(),
                row.getBuffer(3).getBytes());
    }
}
