package dev.plinto.polar.projection;

import io.vertx.sqlclient.Tuple;
import java.util.List;

/// Goes through a table in the order of a key, each time by as many rows as fit in memory.
record Chunks(String next) {

    private static final int MAX_ROWS = 100;
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    /// @param condition which rows
    /// @param bytes     how many bytes a row takes in memory, with all that is loaded for it
    static Chunks of(String table, String key, String condition, String bytes) {
        return new Chunks("""
                WITH next AS MATERIALIZED (
                  SELECT %2$s AS key, %4$s AS bytes FROM %1$s WHERE %2$s > $1 AND %3$s ORDER BY %2$s LIMIT $2),
                sized AS (SELECT key, bytes, sum(bytes) OVER (ORDER BY key) AS sum FROM next)
                SELECT key FROM sized WHERE sum <= $3 OR sum = bytes ORDER BY key
                """.formatted(table, key, condition, bytes));
    }

    /// The next keys: of rows that take at most 4 MB, but at least one; none at the end.
    List<String> next(OpenTransaction transaction, String after) {
        return transaction.send(next, Tuple.of(after, MAX_ROWS, MAX_BYTES)).list(row -> row.getString(0));
    }
}
