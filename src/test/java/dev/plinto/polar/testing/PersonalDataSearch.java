package dev.plinto.polar.testing;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Looks for texts, such as an e-mail address and names, in every column of every table of the service that can hold
/// one.
public record PersonalDataSearch(Database database) {

    private static final String COLUMNS = """
            SELECT relname, attname, format_type(atttypid, NULL)
            FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
            WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
              AND attnum > 0 AND NOT attisdropped
              AND format_type(atttypid, NULL) IN ('text', 'text[]', 'json', 'jsonb', 'bytea', 'character varying')
            ORDER BY 1, 2
            """;

    public static PersonalDataSearch ofSandbox() {
        return new PersonalDataSearch(Database.ofSandbox());
    }

    /// The columns, as `table.column`, of which a value contains one of the texts, whatever its case.
    public List<String> columnsWith(String... texts) {
        return database.column(database.rows(COLUMNS).stream()
                .map(column -> search(column.get(0), column.get(1), column.get(2), texts))
                .collect(Collectors.joining(" UNION ALL ")));
    }

    private static String search(String table, String column, String type, String... texts) {
        String value = type.equals("bytea") ? "encode(" + column + ", 'escape')" : column + "::text";
        return "SELECT '%1$s.%2$s' WHERE EXISTS (SELECT FROM %1$s WHERE %3$s)".formatted(table, column,
                Arrays.stream(texts).map(text -> "strpos(lower(" + value + "), lower('" + text.replace("'", "''")
                        + "')) > 0").collect(Collectors.joining(" OR ")));
    }
}
