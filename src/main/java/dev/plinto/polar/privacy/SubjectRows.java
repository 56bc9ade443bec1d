package dev.plinto.polar.privacy;

import dev.plinto.polar.DataSubject;
import dev.plinto.polar.HeldTable;
import io.vertx.sqlclient.Tuple;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The statements by which the rows of an organization in one table are read, counted and erased. Their text is made of
/// what the rooms say alone; all values are parameters.
final class SubjectRows {

    private static final String SUBJECT = """
            (SELECT $1::text AS organization, $2::text[] AS customers, $3::text[] AS shared_customers) AS subject""";

    private final HeldTable table;

    SubjectRows(HeldTable table) {
        this.table = table;
    }

    static Tuple parameters(DataSubject subject) {
        return Tuple.of(subject.organization(), subject.customers().toArray(String[]::new),
                subject.sharedCustomers().toArray(String[]::new));
    }

    /// What is exported; empty if nothing is.
    ///
    /// @param types of the table's columns
    Optional<String> exported(Map<String, String> types) {
        if (table.exported().isEmpty()) {
            return Optional.empty();
        }
        return table.rows().map(rows -> "SELECT %s FROM %s AS held, %s WHERE %s ORDER BY %s".formatted(
                table.exported().stream().map(column -> selected(column, types.getOrDefault(column, "")))
                        .collect(Collectors.joining(", ")),
                table.name(), SUBJECT, rows, order()));
    }

    /// JSON as text: the client would make other numbers of it. So of a decimal number, whose digits are kept.
    private static String selected(String column, String type) {
        return type.startsWith("json") || type.equals("numeric") ? "held." + column + "::text" : "held." + column;
    }

    /// How many rows an erasure would change or delete; empty if it leaves all.
    Optional<String> countErased() {
        return table.erasedRows().map(rows -> "SELECT count(*) FROM %s AS held, %s WHERE %s AND %s"
                .formatted(table.name(), SUBJECT, rows, isLeft()));
    }

    /// How many rows an erasure has to wait for, since they are in use; empty if it waits for none.
    Optional<String> countBusy() {
        return table.erasedRows().flatMap(rows -> table.busyRows()
                .map(busy -> "SELECT count(*) FROM %s AS held, %s WHERE %s AND (%s)"
                        .formatted(table.name(), SUBJECT, rows, busy)));
    }

    /// Erases some of them, at most $4, in the order in which others lock them; empty if it leaves all. The answer is
    /// one row: how many there were, and how many of these are erased. What somebody else has just changed is not.
    Optional<String> erase() {
        return table.erasedRows().map(rows -> """
                WITH part AS MATERIALIZED (
                  SELECT held.tableoid, held.ctid FROM %s AS held, %s WHERE %s AND %s AND NOT (%s)
                  ORDER BY %s LIMIT $4 FOR UPDATE OF held
                ), erased AS (
                  %s WHERE (tableoid, ctid) IN (SELECT tableoid, ctid FROM part) RETURNING 1
                )
                SELECT (SELECT count(*) FROM part), (SELECT count(*) FROM erased)
                """.formatted(table.name(), SUBJECT, rows, isLeft(), table.busyRows().orElse("false"), order(),
                change()));
    }

    private String change() {
        return table.isDeleted()
                ? "DELETE FROM " + table.name()
                : "UPDATE " + table.name() + " SET " + table.cleared().entrySet().stream()
                        .map(column -> column.getKey() + " = " + column.getValue())
                        .collect(Collectors.joining(", "));
    }

    private String isLeft() {
        return table.isDeleted()
                ? "true"
                : "(" + table.cleared().entrySet().stream()
                        .map(column -> "held." + column.getKey() + " IS DISTINCT FROM " + column.getValue())
                        .collect(Collectors.joining(" OR ")) + ")";
    }

    private String order() {
        return table.order().stream().map(column -> "held." + column).collect(Collectors.joining(", "));
    }
}
