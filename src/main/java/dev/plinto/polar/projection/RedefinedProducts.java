package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Cause;
import dev.plinto.polar.entitlement.Id;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Due work: the table `redefined_products`. The grants that are derived of these products' purchases are to be derived
/// again.
record RedefinedProducts(OpenTransaction transaction) {

    /// The condition of the indexes.
    private static final String TELLS_NO_GRANTS = "(id LIKE 'conekta:%' OR id LIKE 'fungies:%')";

    /// The next purchases of a product; none at the end.
    ///
    /// @param row  of the due work
    /// @param last the last of them, in the order of ids; empty if there is none
    record Slice(long row, Cause cause, List<String> subscriptions, List<String> orders, String last) {

        int size() {
            return subscriptions.size() + orders.size();
        }

        /// Whether it is as far in the same due work.
        boolean isSameAs(Slice other) {
            return row == other.row && last.equals(other.last);
        }
    }

    /// In the transaction that changes them. Nothing is due where nothing was bought.
    ///
    /// @param causes of the products and benefits that are redefined
    void add(Map<Id, Cause> causes) {
        if (causes.isEmpty()) {
            return;
        }
        List<Map.Entry<Id, Cause>> redefined = List.copyOf(causes.entrySet());
        transaction.send("""
                INSERT INTO redefined_products (product_id, cause_type, cause_webhook_id, caused_at)
                SELECT DISTINCT ON (product.id) product.id, type, webhook_id, moment
                FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])
                  AS redefined (id, type, webhook_id, moment)
                JOIN products AS product ON product.id = redefined.id OR product.benefit_ids ? redefined.id
                WHERE EXISTS (SELECT FROM subscriptions WHERE product_id = product.id AND %1$s)
                   OR EXISTS (SELECT FROM orders WHERE product_id = product.id AND %1$s)
                ORDER BY product.id, moment DESC, webhook_id
                """.formatted(TELLS_NO_GRANTS), Tuple.of(
                redefined.stream().map(entry -> entry.getKey().value()).toArray(String[]::new),
                redefined.stream().map(entry -> entry.getValue().eventType()).toArray(String[]::new),
                redefined.stream().map(entry -> entry.getValue().webhookId()).toArray(String[]::new),
                FieldColumn.times(redefined.stream().map(entry -> entry.getValue().timestamp()))));
    }

    /// Of the oldest row that no other replica has. Empty if there is none.
    Optional<Slice> next(int limit) {
        return transaction.send("""
                WITH due AS MATERIALIZED (
                  SELECT * FROM redefined_products ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED),
                next AS MATERIALIZED (
                  SELECT purchase.* FROM due CROSS JOIN LATERAL (
                    (SELECT id, false AS is_order FROM subscriptions
                     WHERE product_id = due.product_id AND id > due.purchase AND %1$s ORDER BY id LIMIT $1)
                    UNION ALL
                    (SELECT id, true FROM orders
                     WHERE product_id = due.product_id AND id > due.purchase AND %1$s ORDER BY id LIMIT $1)
                  ) AS purchase ORDER BY purchase.id LIMIT $1)
                SELECT id, cause_type, cause_webhook_id, caused_at,
                       ARRAY(SELECT id FROM next WHERE NOT is_order), ARRAY(SELECT id FROM next WHERE is_order),
                       coalesce((SELECT max(id) FROM next), '')
                FROM due
                """.formatted(TELLS_NO_GRANTS), Tuple.of(limit))
                .list(row -> new Slice(row.getLong(0),
                        new Cause(row.getString(1), row.getString(2), row.getOffsetDateTime(3).toInstant()),
                        List.of(row.getArrayOfStrings(4)), List.of(row.getArrayOfStrings(5)), row.getString(6)))
                .stream().findFirst();
    }

    /// In the transaction that carries it out.
    void done(Slice slice) {
        if (slice.size() == 0) {
            transaction.send("DELETE FROM redefined_products WHERE id = $1", Tuple.of(slice.row));
        } else {
            transaction.send("UPDATE redefined_products SET purchase = $2 WHERE id = $1",
                    Tuple.of(slice.row, slice.last));
        }
    }
}
