package dev.plinto.polar.billing;

import dev.plinto.polar.billing.Purchase.Sold;
import dev.plinto.polar.postgres.BatchLoader;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.Timestamps;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads purchases as they are projected.
@ApplicationScoped
class PurchaseQueries {

    private final RequestQueries queries;
    private final BatchLoader<Purchase> loader = new BatchLoader<>(this::find);

    PurchaseQueries(RequestQueries queries) {
        this.queries = queries;
    }

    /// Empty for a checkout that this service neither handed out nor was told of. Whose it is: see
    /// [dev.plinto.polar.entitlement.Checkout]. The product is that of the subscription, which may have been changed
    /// since. Reads at the same time share statements, so that any number of them costs little.
    Uni<Optional<Purchase>> find(String checkoutId) {
        return loader.load(checkoutId);
    }

    /// By the checkout's id, in one statement; those that are not known are left out.
    Uni<Map<String, Purchase>> find(Set<String> checkoutIds) {
        return queries.query("""
                WITH known AS (
                  SELECT id, status, organization_id, external_customer_id, customer_id, product_id, created_at,
                         expires_at, said_by
                  FROM checkouts WHERE id = ANY ($1) AND status IS NOT NULL
                  UNION ALL -- what was handed out, and is not projected yet
                  SELECT checkout_id, answer::json ->> 'status', organization, NULL, NULL,
                         answer::json ->> 'product_id', NULL, (answer::json ->> 'expires_at')::timestamptz, NULL
                  FROM idempotent_requests
                  WHERE checkout_id = ANY ($1) AND state = 'answered'
                    AND NOT EXISTS (SELECT FROM checkouts WHERE id = checkout_id AND status IS NOT NULL)
                ), bought AS (
                  SELECT c.id, c.status, c.created_at, c.expires_at,
                         coalesce(c.organization_id, c.external_customer_id, owner.external_id) AS organization_id,
                         coalesce(s.product_id, c.product_id) AS product_id,
                         coalesce(s.customer_id, o.customer_id, c.customer_id) AS customer_id,
                         (SELECT received_at FROM inbox WHERE webhook_id = c.said_by) AS told_at,
                         s.id AS subscription_id, s.status IN ('active', 'trialing') AS is_live,
                         o.id AS order_id, o.status = 'paid' AS is_paid,
                         s.seats IS NOT NULL OR o.seats IS NOT NULL AS has_seats
                  FROM known c
                  LEFT JOIN customers owner ON owner.id = c.customer_id
                  LEFT JOIN LATERAL (SELECT * FROM subscriptions WHERE checkout_id = c.id ORDER BY id LIMIT 1) s ON true
                  LEFT JOIN LATERAL (
                    SELECT * FROM orders WHERE checkout_id = c.id ORDER BY created_at, id LIMIT 1) o ON true
                )
                SELECT bought.*,
                       (SELECT ARRAY(SELECT jsonb_array_elements_text(benefit_ids)) FROM products
                        WHERE id = bought.product_id AND benefit_ids IS NOT NULL) AS benefit_ids,
                       ARRAY(SELECT DISTINCT benefit_id FROM grants
                             WHERE (subscription_id = bought.subscription_id OR order_id = bought.order_id)
                               AND account IS NOT NULL) AS live,
                       ARRAY(SELECT DISTINCT benefit_id FROM grants
                             WHERE (subscription_id = bought.subscription_id OR order_id = bought.order_id)
                               AND account IS NULL AND benefit_type IN ('discord', 'github_repository')) AS waiting
                FROM bought
                """, Tuple.of(checkoutIds.toArray(String[]::new)), PurchaseQueries::purchase)
                .map(rows -> rows.stream().collect(Collectors.toMap(Purchase::checkoutId, Function.identity())));
    }

    private static Purchase purchase(Row row) {
        String[] benefits = row.getArrayOfStrings("benefit_ids");
        return new Purchase(row.getString("id"), row.getString("status"), row.getString("organization_id"),
                row.getString("product_id"), row.getString("customer_id"),
                Timestamps.toText(row.getOffsetDateTime("created_at")),
                Timestamps.toText(row.getOffsetDateTime("expires_at")),
                Timestamps.toInstant(row.getOffsetDateTime("told_at")),
                sold(row.getString("subscription_id"), row.getBoolean("is_live")),
                sold(row.getString("order_id"), row.getBoolean("is_paid")), row.getBoolean("has_seats"),
                benefits == null ? null : List.of(benefits), Set.of(row.getArrayOfStrings("live")),
                Set.of(row.getArrayOfStrings("waiting")));
    }

    private static @Nullable Sold sold(@Nullable String id, @Nullable Boolean isGood) {
        return id == null ? null : new Sold(id, Boolean.TRUE.equals(isGood));
    }
}
