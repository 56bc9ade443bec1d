package dev.plinto.polar.testing;

import java.util.List;

/// Polar's lists of objects, as reconciliation notes that it has read them. Where no test needs Polar, there is none.
public final class PolarsLists {

    private static final List<String> KINDS = List.of("product", "benefit", "checkout", "order", "member", "seat",
            "meter",
            "customer_meter");

    public static void areRead(Database database) {
        KINDS.forEach(kind -> database.execute("""
                INSERT INTO reconciliation_lists (kind, read_at) VALUES (?, now()) ON CONFLICT DO NOTHING
                """, kind));
        // Rows that tests made up look as if a release before had applied them.
        database.execute("UPDATE inbox SET statements = 1 WHERE statements IS NULL");
    }

    private PolarsLists() {}
}
