package dev.plinto.polar.billing;

import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.postgres.ReadModel;
import dev.plinto.polar.postgres.ReadModels;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.Timestamps;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/// The orders of an organization: those whose own metadata names it, and those of its customers whose metadata names
/// none. (What cannot name an organization names none, as [Account] says.)
@ApplicationScoped
class OrderQueries {

    /// Each part by itself, so that an index gives its newest orders. An order of which only the id is known, since
    /// another object mentions it, has no time, and is not told.
    static final String PAGE = """
            (SELECT * FROM orders
             WHERE organization_id = $1 AND (created_at, id) < ($2, $3)
             ORDER BY created_at DESC, id DESC LIMIT $4)
            UNION ALL
            (SELECT own.* FROM customers CROSS JOIN LATERAL (
               SELECT * FROM orders
               WHERE customer_id = customers.id AND (created_at, id) < ($2, $3)
                 AND (organization_id IS NULL OR organization_id !~ '\\S' OR starts_with(organization_id, 'customer:'))
               ORDER BY created_at DESC, id DESC LIMIT $4) AS own
             WHERE external_id = $1)
            ORDER BY created_at DESC, id DESC LIMIT $4
            """;

    private static final String OWNER = """
            SELECT CASE WHEN orders.organization_id ~ '\\S' AND NOT starts_with(orders.organization_id, 'customer:')
                        THEN orders.organization_id
                        ELSE external_id END
            FROM orders LEFT JOIN customers ON customers.id = customer_id
            WHERE orders.id = $1 AND orders.created_at IS NOT NULL
            """;

    private final RequestQueries database;
    private final ReadModels models;

    OrderQueries(RequestQueries database, ReadModels models) {
        this.database = database;
        this.models = models;
    }

    /// Fails with the problem `not-ready` (503) until all orders are known.
    Uni<OrderPage> list(String organizationId, OrderCursor after, int limit) {
        if (!new Account(organizationId).isLinked()) {
            return Uni.createFrom().item(new OrderPage(List.of(), null));
        }
        Tuple parameters = Tuple.of(organizationId, Timestamps.ofInstant(after.createdAt()), after.orderId(),
                limit + 1);
        return models.require(ReadModel.ORDERS)
                .chain(() -> database.query(PAGE, parameters, Found::of))
                .map(found -> page(found, limit));
    }

    /// Whose order it is; empty if it is nobody's of ours, or there is no such order. Fails with the problem
    /// `not-ready` (503) while it may be one that is not known yet.
    Uni<Optional<String>> organizationOf(String orderId) {
        return database.query(OWNER, Tuple.of(orderId), row -> Optional.ofNullable(row.getString(0)))
                .map(found -> found.stream().flatMap(Optional::stream)
                        .filter(organization -> !organization.isBlank() && new Account(organization).isLinked())
                        .findFirst())
                .call(found -> found.isPresent()
                        ? Uni.createFrom().voidItem()
                        : models.require(ReadModel.ORDERS));
    }

    private record Found(OrderPage.Order order, OrderCursor place) {

        static Found of(Row row) {
            String id = row.getString("id");
            return new Found(
                    new OrderPage.Order(id, Timestamps.toText(row.getOffsetDateTime("created_at")),
                            row.getString("status"), row.getString("billing_reason"), row.getLong("subtotal_amount"),
                            row.getLong("discount_amount"), row.getLong("tax_amount"), row.getLong("total_amount"),
                            row.getLong("refunded_amount"), row.getString("currency"),
                            row.getString("invoice_number"), row.getString("product_id"),
                            row.getString("product_name"), row.getString("subscription_id")),
                    new OrderCursor(row.getOffsetDateTime("created_at").toInstant(), id));
        }
    }

    private static OrderPage page(List<Found> found, int limit) {
        List<Found> page = found.size() > limit ? found.subList(0, limit) : found;
        return new OrderPage(page.stream().map(Found::order).toList(),
                page.size() < found.size() ? page.getLast().place().text() : null);
    }
}
