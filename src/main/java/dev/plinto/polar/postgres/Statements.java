package dev.plinto.polar.postgres;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;

/// Single statements, each on a connection that the pool lends for it.
///
/// Use these instead of `Pool.query` and `Pool.preparedQuery`. Those do not cancel their timer when they get no
/// connection, so that each statement that fails while PostgreSQL is away may later log the ERROR `Result is already
/// complete` (Vert.x 4.5; eclipse-vertx/vertx-sql-client issue 1706).
public final class Statements {

    public static Future<RowSet<Row>> execute(Pool pool, String sql) {
        return pool.withConnection(connection -> connection.query(sql).execute());
    }

    public static Future<RowSet<Row>> execute(Pool pool, String sql, Tuple parameters) {
        return pool.withConnection(connection -> connection.preparedQuery(sql).execute(parameters));
    }

    public static Uni<io.vertx.mutiny.sqlclient.RowSet<io.vertx.mutiny.sqlclient.Row>> execute(
            io.vertx.mutiny.sqlclient.Pool pool, String sql) {
        return pool.withConnection(connection -> connection.query(sql).execute());
    }

    public static Uni<io.vertx.mutiny.sqlclient.RowSet<io.vertx.mutiny.sqlclient.Row>> execute(
            io.vertx.mutiny.sqlclient.Pool pool, String sql, io.vertx.mutiny.sqlclient.Tuple parameters) {
        return pool.withConnection(connection -> connection.preparedQuery(sql).execute(parameters));
    }

    private Statements() {}
}
