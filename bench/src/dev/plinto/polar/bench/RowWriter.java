package dev.plinto.polar.bench;

import dev.plinto.polar.testing.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// The limit of any projection that stores the same rows: the rows of a drain, written again into tables of the same
/// definition, by one statement for each thousand events, one after the other.
final class RowWriter {

    private static final List<String> TABLES = List.of("inbox", "payloads", "customers", "subscriptions", "orders",
            "grants", "accounts", "history", "benefit_changes");
    private static final int EVENTS_PER_STATEMENT = 1_000;

    private final Vertx vertx;
    private final Pool pool;

    private record Column(String name, String type) {}

    private record Table(String name, List<Column> columns, long rows, Cursor cursor) {

        /// The rows of one statement; statements have about equal sizes.
        RowSet<Row> next(int statement, int statements) {
            return await(cursor.read((int) (rows * (statement + 1) / statements - rows * statement / statements)));
        }
    }

    private RowWriter(Vertx vertx, Pool pool) {
        this.vertx = vertx;
        this.pool = pool;
    }

    static RowWriter of(Database database) {
        Vertx vertx = Vertx.vertx();
        return new RowWriter(vertx, Pools.to(database, 2, vertx));
    }

    /// Events per second whose rows are written. The time to read them does not count.
    double rowsOfEventsPerSecond(int events) {
        SqlConnection reading = await(pool.getConnection());
        await(reading.begin());
        List<Table> tables = TABLES.stream().map(name -> open(name, reading)).toList();
        tables.forEach(
                table -> query("CREATE TABLE limit_%s (LIKE %s INCLUDING ALL)".formatted(table.name, table.name)));
        String statement = statement(tables);
        int statements = Math.max(1, events / EVENTS_PER_STATEMENT);
        long nanos = 0;
        for (int i = 0; i < statements; i++) {
            Tuple parameters = parameters(tables, i, statements);
            long began = System.nanoTime();
            await(pool.preparedQuery(statement).execute(parameters));
            nanos += System.nanoTime() - began;
        }
        await(pool.close());
        await(vertx.close());
        return events / (nanos / 1e9);
    }

    private Table open(String table, SqlConnection reading) {
        List<Column> columns = StreamSupport.stream(query("""
                SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
                WHERE attrelid = '%s'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
                """.formatted(table)).spliterator(), false)
                .map(row -> new Column(row.getString(0), row.getString(1)))
                .toList();
        String selected = columns.stream()
                .map(column -> column.type.equals("bytea") ? column.name : column.name + "::text")
                .collect(Collectors.joining(", "));
        long rows = query("SELECT count(*) FROM " + table).iterator().next().getLong(0);
        return new Table(table, columns, rows,
                await(reading.prepare("SELECT " + selected + " FROM " + table)).cursor());
    }

    /// Values are sent as text except the bodies, which are most of the bytes.
    private static String statement(List<Table> tables) {
        List<String> inserts = new ArrayList<>();
        int parameter = 1;
        for (Table table : tables) {
            List<String> arrays = new ArrayList<>();
            for (Column column : table.columns) {
                arrays.add("$" + parameter++ + (column.type.equals("bytea") ? "::bytea[]" : "::text[]"));
            }
            String names = table.columns.stream().map(Column::name).collect(Collectors.joining(", "));
            inserts.add("INSERT INTO limit_%s (%s) SELECT %s FROM unnest(%s) AS row (%s)".formatted(table.name, names,
                    table.columns.stream().map(column -> "row." + column.name + "::" + column.type)
                            .collect(Collectors.joining(", ")),
                    String.join(", ", arrays), names));
        }
        return "WITH " + IntStream.range(0, inserts.size() - 1)
                .mapToObj(i -> "w" + i + " AS (" + inserts.get(i) + ")")
                .collect(Collectors.joining(", ")) + " " + inserts.getLast();
    }

    private static Tuple parameters(List<Table> tables, int statement, int statements) {
        Tuple parameters = Tuple.tuple();
        for (Table table : tables) {
            RowSet<Row> rows = table.next(statement, statements);
            for (int i = 0; i < table.columns.size(); i++) {
                int column = i;
                Stream<Row> all = StreamSupport.stream(rows.spliterator(), false);
                parameters.addValue(table.columns.get(i).type.equals("bytea")
                        ? all.map(row -> row.getBuffer(column)).toArray(Buffer[]::new)
                        : all.map(row -> row.getString(column)).toArray(String[]::new));
            }
        }
        return parameters;
    }

    private RowSet<Row> query(String sql) {
        return await(pool.query(sql).execute());
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
