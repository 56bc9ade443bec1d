package dev.plinto.polar.privacy;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.postgres.Statements;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.stream.StreamSupport;

/// What is known here of an organization's customers at Conekta: the ids under which they and their orders are stored,
/// newest first.
record KnownAtConekta(List<String> customers, List<String> orders) {

    /// A subscription by the ids under which it and its customer are stored.
    record Subscription(String id, String customer) {}

    static KnownAtConekta of(Pool pool, String organization, int mostCustomers, int mostOrders) {
        Row known = await(Statements.execute(pool, """
                WITH own AS (
                  SELECT id FROM customers WHERE external_id = $1 AND starts_with(id, 'conekta:')
                  ORDER BY deleted_at DESC NULLS FIRST, id DESC LIMIT $2
                )
                SELECT ARRAY(SELECT id FROM own),
                       ARRAY(SELECT id FROM orders WHERE customer_id IN (SELECT id FROM own)
                             ORDER BY created_at DESC NULLS LAST, id DESC LIMIT $3)
                """, Tuple.of(organization, mostCustomers, mostOrders))).iterator().next();
        return new KnownAtConekta(List.of(known.getArrayOfStrings(0)), List.of(known.getArrayOfStrings(1)));
    }

    static List<Subscription> liveSubscriptions(Pool pool, String organization) {
        return StreamSupport.stream(await(Statements.execute(pool, """
                SELECT id, customer_id FROM subscriptions JOIN live_subscriptions USING (id)
                WHERE subscriptions.account = $1 AND starts_with(id, 'conekta:') ORDER BY id
                """, Tuple.of(organization))).spliterator(), false)
                .map(row -> new Subscription(row.getString(0), row.getString(1))).toList();
    }
}
