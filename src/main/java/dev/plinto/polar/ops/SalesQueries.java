package dev.plinto.polar.ops;

import dev.plinto.polar.audit.AuditSearch;
import dev.plinto.polar.audit.RecordedActions;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.Timestamps;
import dev.plinto.polar.telemetry.MaskedAddress;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/// Reads what an account bought, or tried to, and what was asked of Polar for it.
@ApplicationScoped
class SalesQueries {

    private static final int MOST = 20;
    private static final int MOST_SEATS = 100;
    private static final String OPERATOR = "operator";

    /// Those whose metadata names the account, and those of its customers whose metadata names none. An object of which
    /// only the id is known, since another one mentions it, is not shown.
    private static final String OF_ACCOUNT = """
            (SELECT * FROM %1$s WHERE organization_id = $1 AND status IS NOT NULL
             UNION
             SELECT * FROM %1$s WHERE customer_id = ANY ($2) AND status IS NOT NULL
               AND (organization_id IS NULL OR organization_id !~ '\\S' OR starts_with(organization_id, 'customer:'))
             ORDER BY created_at DESC NULLS LAST, id DESC LIMIT $3)""";

    private static final String CHECKOUTS = """
            SELECT c.id, c.status, p.name, c.created_at, c.expires_at, c.request_id,
                   coalesce(s.status, o.status) AS sold_status,
                   coalesce(s.status IN ('active', 'trialing'), o.status = 'paid', false) AS is_good,
                   s.seats IS NOT NULL OR o.seats IS NOT NULL AS has_seats,
                   jsonb_array_length(p.benefit_ids) AS benefits, granted.missing, granted.waiting
            FROM %s AS c
            LEFT JOIN LATERAL (SELECT * FROM subscriptions WHERE checkout_id = c.id ORDER BY id LIMIT 1) AS s ON true
            LEFT JOIN LATERAL (
              SELECT * FROM orders WHERE checkout_id = c.id ORDER BY created_at, id LIMIT 1) AS o ON true
            LEFT JOIN products AS p ON p.id = coalesce(s.product_id, c.product_id)
            CROSS JOIN LATERAL (
              SELECT array_agg(name ORDER BY name) FILTER (WHERE NOT is_live AND NOT waits) AS missing,
                     array_agg(name ORDER BY name) FILTER (WHERE NOT is_live AND waits) AS waiting
              FROM (SELECT coalesce(b.description, benefit.id) AS name,
                           coalesce(bool_or(g.account IS NOT NULL), false) AS is_live,
                           coalesce(bool_or(g.benefit_type IN ('discord', 'github_repository')), false) AS waits
                    FROM jsonb_array_elements_text(p.benefit_ids) AS benefit (id)
                    LEFT JOIN benefits AS b ON b.id = benefit.id
                    LEFT JOIN grants AS g ON g.benefit_id = benefit.id
                                         AND (g.subscription_id = s.id OR g.order_id = o.id)
                    GROUP BY benefit.id, b.description) AS each) AS granted
            ORDER BY c.created_at DESC NULLS LAST, c.id DESC
            """.formatted(OF_ACCOUNT.formatted("checkouts"));

    private static final String ORDERS = "SELECT id, created_at, status, billing_reason, total_amount, "
            + "refunded_amount, currency, product_name, subscription_id FROM " + OF_ACCOUNT.formatted("orders")
            + " AS found";

    /// Without the address that it was given to.
    private static final String SEATS = """
            SELECT seats.id, seats.subscription_id, seats.status, member_id, members.external_id, claimed_at
            FROM subscriptions JOIN seats ON seats.subscription_id = subscriptions.id
              LEFT JOIN members ON members.id = member_id
            WHERE subscriptions.account = $1 AND seats.status <> 'revoked' AND revoked_at IS NULL
            ORDER BY seats.subscription_id, seats.created_at, seats.id LIMIT $2
            """;

    private final RequestQueries database;
    private final RecordedActions actions;
    private final InstantSource clock;

    SalesQueries(RequestQueries database, RecordedActions actions, InstantSource clock) {
        this.database = database;
        this.actions = actions;
        this.clock = clock;
    }

    /// @param customerIds of the account
    Uni<Sales> find(String account, Collection<String> customerIds) {
        Tuple ofAccount = Tuple.of(account, customerIds.toArray(String[]::new), MOST);
        Instant now = clock.instant();
        return Uni.combine().all().unis(
                database.query(CHECKOUTS, ofAccount, row -> checkout(row, now)),
                database.query(ORDERS, ofAccount, SalesQueries::order),
                database.query(SEATS, Tuple.of(account, MOST_SEATS), SalesQueries::seat),
                actions.list(new AuditSearch(account, null, null, null), null, MOST)
                        .map(SalesQueries::providerCalls))
                .asTuple().map(all -> new Sales(all.getItem1(), all.getItem2(), all.getItem3(), all.getItem4()));
    }

    private static Sales.Checkout checkout(Row row, Instant now) {
        String status = Objects.requireNonNull(row.getString("status"));
        CheckoutProgress progress = new CheckoutProgress(status, Timestamps.toInstant(row.getOffsetDateTime(4)),
                row.getString(6), row.getBoolean(7), row.getBoolean(8), row.getInteger(9), names(row, 10),
                names(row, 11));
        return new Sales.Checkout(row.getString(0), status, row.getString(2),
                Timestamps.toText(row.getOffsetDateTime(3)), Timestamps.toText(row.getOffsetDateTime(4)),
                row.getString(5), progress.why(now));
    }

    private static List<String> names(Row row, int column) {
        String[] names = row.getArrayOfStrings(column);
        return names == null ? List.of() : List.of(names);
    }

    private static Sales.Order order(Row row) {
        return new Sales.Order(row.getString(0), Timestamps.toText(row.getOffsetDateTime(1)), row.getString(2),
                row.getString(3), row.getLong(4), row.getLong(5), row.getString(6), row.getString(7),
                row.getString(8));
    }

    private static Sales.Seat seat(Row row) {
        return new Sales.Seat(row.getString(0), row.getString(1), row.getString(2), row.getString(3),
                MaskedAddress.ofNullable(row.getString(4)), Timestamps.toText(row.getOffsetDateTime(5)));
    }

    /// What operators did is no call of a provider.
    private static List<Sales.ProviderCall> providerCalls(RecordedActions.Page page) {
        return page.items().stream().filter(entry -> !entry.actorKind().equals(OPERATOR))
                .map(entry -> new Sales.ProviderCall(entry.at(), entry.action(), entry.target(), entry.result(),
                        entry.requestId()))
                .toList();
    }
}
