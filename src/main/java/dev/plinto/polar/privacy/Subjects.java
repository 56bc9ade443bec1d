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
                SELECT FROM (
                  SELECT external_id AS organization, NULL::timestamptz AS used_at
                  FROM customers WHERE customers.id = own.id
                  UNION ALL SELECT subscriptions.account,
                                   CASE WHEN live_subscriptions.id IS NOT NULL THEN 'infinity'::timestamptz END
                  FROM subscriptions LEFT JOIN live_subscriptions USING (id) WHERE customer_id = own.id
                  UNION ALL SELECT organization_id, created_at FROM orders WHERE customer_id = own.id
                ) AS used
                WHERE organization ~ '\\S' AND organization <> $1 AND NOT starts_with(organization, 'customer:') AND %s
              ) AS is_shared
            FROM own WHERE id IS NOT NULL ORDER BY id
            """;
    /// One that was erased, and has not come back by the customer, holds it back no longer. Else the customer of two
    /// that are erased one after the other would stay for good.
    private static final String NOT_ERASED = """
            NOT EXISTS (SELECT FROM erasures
                        WHERE erasures.organization = used.organization AND NOT keep_at_provider
                          AND (completed_at IS NULL OR used_at IS NULL OR used_at < completed_at))""";

    private static final String TO_EXPORT = CUSTOMERS.formatted("true");
    private static final String TO_ERASE = CUSTOMERS.formatted(NOT_ERASED);

    /// Whose data is exported: what an erased organization left is not handed out to another one.
    static Future<DataSubject> toExport(SqlConnection connection, String organization) {
        return find(connection, organization, TO_EXPORT);
    }

    static Future<DataSubject> toErase(SqlConnection connection, String organization) {
        return find(connection, organization, TO_ERASE);
    }

    private static Future<DataSubject> find(SqlConnection connection, String organization, String sql) {
        return connection.preparedQuery(sql).execute(Tuple.of(organization)).map(rows -> {
            List<Row> all = StreamSupport.stream(rows.spliterator(), false).toList();
            return new DataSubject(organization, ids(all, false), ids(all, true));
        });
    }

    private static List<String> ids(List<Row> rows, boolean shared) {
        return rows.stream().filter(row -> row.getBoolean(1) == shared).map(row -> row.getString(0)).toList();
    }

    private Subjects() {}
}
