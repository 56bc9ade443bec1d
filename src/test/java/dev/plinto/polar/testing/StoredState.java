package dev.plinto.polar.testing;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// All stored state except messages, and what depends on the order of arrival; and except the moment of a link that is
/// missing, which the release before stored and no release reads.
public final class StoredState {

    private static final Map<String, String> ROWS = Map.ofEntries(
            Map.entry("customers", """
                    SELECT id, external_id, deleted_at, live_grants, country, added_stamps, said_at, said_by,
                        CASE WHEN external_id IS NULL AND deleted_at IS NULL
                            THEN coalesce(older, '{}') || '{"external_id": null}' ELSE older END
                    FROM customers ORDER BY id
                    """),
            Map.entry("subscriptions",
                    "SELECT to_jsonb(s) - 'version' - 'published' FROM subscriptions s ORDER BY id"),
            Map.entry("orders", "SELECT * FROM orders ORDER BY id"),
            Map.entry("grants", "SELECT * FROM grants ORDER BY id"),
            Map.entry("products", "SELECT * FROM products ORDER BY id"),
            Map.entry("benefits", "SELECT * FROM benefits ORDER BY id"),
            Map.entry("checkouts", "SELECT * FROM checkouts ORDER BY id"),
            Map.entry("members", "SELECT * FROM members ORDER BY id"),
            Map.entry("seats", "SELECT * FROM seats ORDER BY id"),
            Map.entry("customer_meters", "SELECT * FROM customer_meters ORDER BY id"),
            Map.entry("inbox", "SELECT webhook_id, type, moment FROM inbox ORDER BY webhook_id"));

    private StoredState() {}

    /// The rows by table; the caller may add others.
    public static Map<String, List<List<String>>> of(Database database) {
        Map<String, List<List<String>>> rows = new TreeMap<>();
        ROWS.forEach((table, query) -> rows.put(table, database.rows(query)));
        return rows;
    }
}
