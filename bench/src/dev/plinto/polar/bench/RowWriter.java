package dev.plinto.polar.bench;

import dev.plinto.polar.testing.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/// The limit of any projection that keeps what this one keeps: the very rows that a drain left, written again into
/// tables of the same definition, by one statement for each thousand events, one after the other.
final class RowWriter {

    private static final List<String> TABLES = List.of("inbox", "payloads", "customers", "subscriptions", "orders",
            "grants", "accounts", "history");
    private static final int EVENTS_PER_STATEMENT = 1_000;

    private final Vertx vertx;
    private final Pool pool;

    private record Column(String name, String type) {}

    private record Table(String name, List<Column> columns, List<Row> rows) {}

    private RowWriter(Vertx vertx, Pool pool) {
        this.vertx = vertx;
        this.pool = pool;
    }

    static RowWriter of(Database database) {
        Vertx vertx = Vertx.vertx();
        return new RowWriter(vertx, Pools.to(database, 1, vertx));
    }

    /// How many events' rows are written in a second.
    double rowsOfEventsPerSecond(int events) {
        List<Table> tables = TABLES.stream().map(this::read).toList();
        tables.forEach(table -> query("CREATE TABLE limit_%s (LIKE %s INCLUDING ALL)".formatted(table.name, table.name)));
        String statement = statement(tables);
        int statements = Math.max(1, events / EVENTS_PER_STATEMENT);
        long began = System.nanoTime();
        for (int i = 0; i < statements; i++) {
            await(pool.preparedQuery(statement).execute(parameters(tables, i, statements)));
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        await(pool.close());
        await(vertx.close());
        return events / seconds;
    }

    private Table read(String table) {
        List<Column> columns = StreamSupport.stream(query("""
                SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
                WHERE attrelid = '%s'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
                """.formatted(table)).spliterator(), false)
                .map(row -> new Column(row.getString(0), row.getString(1)))
                .toList();
        String selected = columns.stream()
                .map(column -> column.type.equals("bytea") ? column.name : column.name + "::text")
                .collect(Collectors.joining(", "));
        List<Row> rows = new ArrayList<>();
        query("SELECT " + selected + " FROM " + table).forEach(rows::add);
        return new Table(table, columns, rows);
    }

    /// Values travel as texts but for the bodies, which are most of the bytes.
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

    private static Tuple parameters(List<Table> tables, int part, int parts) {
        Tuple parameters = Tuple.tuple();
        for (Table table : tables) {
            List<Row> rows = table.rows.subList((int) ((long) table.rows.size() * part / parts),
                    (int) ((long) table.rows.size() * (part + 1) / parts));
            for (int i = 0; i < table.columns.size(); i++) {
                int column = i;
                parameters.addValue(table.columns.get(i).type.equals("bytea")
                        ? rows.stream().map(row -> row.getBuffer(column)).toArray(Buffer[]::new)
                        : rows.stream().map(row -> row.getString(column)).toArray(String[]::new));
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
