package dev.plinto.polar.privacy;

import dev.plinto.polar.Erased;
import dev.plinto.polar.postgres.Timestamps;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Tells by the tombstones of erasures whose data is not to be kept.
@ApplicationScoped
class Tombstones implements Erased {

    /// Who buries takes it alone, after the customers' rows: who asks holds those that it needs already.
    static final String LOCK = "hashtext('plinto-polar erasures')";

    private static final String AMONG = """
            WITH purchases AS (
              SELECT id, customer_id, account FROM subscriptions WHERE id = ANY ($3)
              UNION ALL SELECT id, customer_id, organization_id FROM orders WHERE id = ANY ($3)
            )
            SELECT asked.asked, asked.told, least(max(erased_until), '9999-12-31Z')
            FROM (SELECT 'customer' AS asked, 'customer' AS kind, id, id AS told FROM unnest($1::text[]) AS id
                  UNION ALL SELECT 'organization', 'organization', id, id FROM unnest($2::text[]) AS id
                  UNION ALL SELECT 'purchase', 'customer', customer_id, id FROM purchases
                  UNION ALL SELECT 'purchase', 'organization', account, id FROM purchases) AS asked
              JOIN erased_ids ON erased_ids.kind = asked.kind AND erased_ids.hash = erasure_hash(asked.id)
            WHERE EXISTS (SELECT FROM erased_ids)
            GROUP BY 1, 2
            """;

    /// For as long as the transaction goes on: who buries waits for it, also for what is said of nobody's locked row.
    private static final String BEFORE_THE_NEXT = "SELECT pg_advisory_xact_lock_shared(" + Tombstones.LOCK + ")";

    @Override
    public Future<Ids> among(SqlConnection connection, Collection<String> customers, Collection<String> organizations,
            Collection<String> purchases) {
        connection.query(BEFORE_THE_NEXT).execute();
        return connection.preparedQuery(AMONG).execute(Tuple.tuple()
                .addArrayOfString(customers.toArray(String[]::new))
                .addArrayOfString(organizations.toArray(String[]::new))
                .addArrayOfString(purchases.toArray(String[]::new))).map(rows -> {
                    Set<String> erasedCustomers = new HashSet<>();
                    Map<String, Instant> until = new HashMap<>();
                    for (Row row : rows) {
                        if (row.getString(0).equals("customer")) {
                            erasedCustomers.add(row.getString(1));
                        } else {
                            until.put(row.getString(1), Timestamps.toInstant(row.getOffsetDateTime(2)));
                        }
                    }
                    return new Ids(erasedCustomers, until);
                });
    }
}
