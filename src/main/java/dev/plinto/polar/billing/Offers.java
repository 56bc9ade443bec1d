package dev.plinto.polar.billing;

import dev.plinto.polar.postgres.RequestQueries;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What is sold, and what an organization has of it already.
@ApplicationScoped
class Offers {

    private final RequestQueries queries;

    Offers(RequestQueries queries) {
        this.queries = queries;
    }

    /// A product that is not archived.
    ///
    /// @param isFree whether all of its prices are known, and are nothing
    /// @param group  whoever has a live subscription of a group is not sold a second one of it; the products without
    ///               one are a group too, named by the empty text
    record Offer(String productId, boolean isPublic, boolean isRecurring, boolean isFree, String group) {}

    /// A subscription that has not ended.
    record Held(String subscriptionId, String productId) {}

    /// Those of the products that can be sold.
    Uni<List<Offer>> find(Collection<String> productIds) {
        return queries.query("""
                SELECT id, visibility = 'public', recurring_interval IS NOT NULL,
                       prices IS NOT NULL AND NOT EXISTS (
                         SELECT FROM json_array_elements(
                           CASE json_typeof(prices) WHEN 'array' THEN prices ELSE '[{}]' END) AS price
                         WHERE price ->> 'is_archived' IS DISTINCT FROM 'true'
                           AND coalesce(price ->> 'source', 'catalog') = 'catalog'
                           AND (price ->> 'amount_type' = 'free' OR price ->> 'amount_type' = 'fixed'
                                AND price ->> 'price_amount' = '0') IS NOT TRUE),
                       coalesce(metadata ->> 'group', '')
                FROM products
                WHERE id = ANY ($1) AND is_archived = false AND visibility IN ('public', 'private')
                """, Tuple.of(productIds.toArray(String[]::new)),
                row -> new Offer(row.getString(0), row.getBoolean(1), row.getBoolean(2), row.getBoolean(3),
                        row.getString(4)));
    }

    /// A subscription of the group of one of the products that would be paid beside a second one: also one that is past
    /// due or paused, since it may go on.
    Uni<Optional<Held>> held(String organizationId, Collection<String> productIds) {
        return queries.query("""
                SELECT id, product_id FROM live_subscriptions
                WHERE account = $1 AND product_group IN (
                  SELECT coalesce(metadata ->> 'group', '') FROM products
                  WHERE id = ANY ($2) AND recurring_interval IS NOT NULL)
                ORDER BY id LIMIT 1
                """, Tuple.of(organizationId, productIds.toArray(String[]::new)),
                row -> new Held(row.getString(0), row.getString(1)))
                .map(rows -> rows.stream().findFirst());
    }

    /// A live subscription of the group beside one that is of another group until now.
    Uni<Optional<Held>> heldBeside(String organizationId, String subscriptionId, String group) {
        return queries.query("""
                WITH live AS (
                  SELECT s.id, s.product_id,
                         coalesce(p.metadata ->> 'group', s.product_metadata ->> 'group', '') AS product_group
                  FROM subscriptions s LEFT JOIN products p ON p.id = s.product_id
                  WHERE s.account = $1 AND s.ended_at IS NULL
                    AND s.status NOT IN ('canceled', 'incomplete', 'incomplete_expired')
                )
                SELECT id, product_id FROM live
                WHERE product_group = $3 AND id <> $2
                  AND NOT EXISTS (SELECT FROM live WHERE id = $2 AND product_group = $3)
                ORDER BY id LIMIT 1
                """, Tuple.of(organizationId, subscriptionId, group),
                row -> new Held(row.getString(0), row.getString(1)))
                .map(rows -> rows.stream().findFirst());
    }
}
