package dev.plinto.polar.privacy;

import dev.plinto.polar.DataSubject;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.stream.StreamSupport;

/// Finds the customers at Polar that buy for an organization, and tells those that others use too.
final class Subjects {

    /// Another organization is one that the customer is linked to, or has bought for.
    private static final String CUSTOMERS = """
            WITH own AS (
              SELECT id FROM customers WHERE external_id = $1
              UNION SELECT customer_id FROM subscriptions WHERE account = $1
              UNION SELECT customer_id FROM grants WHERE account = $1
              UNION SELECT customer_id FROM orders WHERE organization_id = $1
              UNION SELECT customer_id FROM checkouts WHERE organization_id = $1
              UNION SELECT nullif(substring($1 FROM 10), '') WHERE starts_with($1, 'customer:')
            )
            SELECT id, EXISTS (
                SELECT FROM customers WHERE customers.id = own.id AND external_id <> $1
                UNION ALL SELECT FROM subscriptions
                  WHERE customer_id = own.id AND account <> $1 AND account <> 'customer:' || own.id
                UNION ALL SELECT FROM orders WHERE customer_id = own.id AND organization_id ~ '\\S'
                  AND organization_id <> $1 AND NOT starts_with(organization_id, 'customer:')
              ) AS is_shared
            FROM own WHERE id IS NOT NULL ORDER BY id
            """;

    static Future<DataSubject> find(SqlConnection connection, String organization) {
        return connection.preparedQuery(CUSTOMERS).execute(Tuple.of(organization)).map(rows -> {
            List<Row> all = StreamSupport.stream(rows.spliterator(), false).toList();
            return new DataSubject(organization, ids(all, false), ids(all, true));
        });
    }

    private static List<String> ids(List<Row> rows, boolean shared) {
        return rows.stream().filter(row -> row.getBoolean(1) == shared).map(row -> row.getString(0)).toList();
    }

    private Subjects() {}
}
