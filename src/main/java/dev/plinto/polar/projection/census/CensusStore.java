package dev.plinto.polar.projection.census;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.postgres.Statements;
import dev.plinto.polar.projection.ParkReason.Kind;
import io.vertx.sqlclient.Pool;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Counts parked events, unlinked accounts, subscriptions that are paid twice, contradictions, and subscriptions by
/// product.
public final class CensusStore {

    /// A subscription that has any other status has begun, and not ended unless it says so.
    public static final String NOT_BEGUN_OR_ENDED = "'incomplete', 'incomplete_expired', 'unpaid', 'canceled'";

    /// The accounts of customers at Polar who are linked to no organization and have a live grant, or a subscription
    /// that began and has not ended: they paid for access that no organization has. The conditions on the account match
    /// the partial indexes, which hold only unlinked accounts.
    public static final String UNLINKED = """
            SELECT account FROM grants WHERE starts_with(account, 'customer:')
            UNION
            SELECT account FROM subscriptions
            WHERE starts_with(account, 'customer:') AND ended_at IS NULL
              AND status NOT IN (""" + NOT_BEGUN_OR_ENDED + ")";

    /// Plans of other providers than Polar that somebody subscribes to, and that no setting maps to a product of
    /// Polar's: such a plan is a product of its own, under the provider's prefix.
    public static final String UNMAPPED_PLANS = """
            SELECT DISTINCT product_id FROM live_subscriptions
            WHERE product_id LIKE 'conekta:%' OR product_id LIKE 'fungies:%' ORDER BY product_id
            """;

    public static final String UNLINKED_ACCOUNTS = "SELECT count(*) FROM (" + UNLINKED + ") AS unlinked";

    /// The groups of products of which an organization has several live subscriptions: `account`, `product_group`, and
    /// how many in `held`. Customers who are linked to none are left out: one of them may buy for several.
    public static final String DOUBLE = """
            SELECT account, product_group, count(*) AS held FROM live_subscriptions
            WHERE account IN (
              SELECT account FROM subscriptions
              WHERE ended_at IS NULL AND NOT starts_with(account, 'customer:')
              GROUP BY account HAVING count(*) > 1)
            GROUP BY account, product_group HAVING count(*) > 1
            """;

    /// Those beside a first one.
    public static final String DOUBLE_SUBSCRIPTIONS = "SELECT coalesce(sum(held - 1), 0)::bigint FROM (" + DOUBLE
            + ") AS double";

    private static final int MANY = 10_000;

    private final Pool pool;

    CensusStore(Pool pool) {
        this.pool = pool;
    }

    /// The number of parked events for each reason, including 0.
    Map<Kind, Long> parked() {
        Map<Kind, Long> parked = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            parked.put(kind, 0L);
        }
        await(Statements.execute(pool, "SELECT reason, count(*) FROM parked GROUP BY reason"))
                .forEach(row -> Kind.of(row.getString(0)).ifPresent(kind -> parked.put(kind, row.getLong(1))));
        return parked;
    }

    long unlinkedAccounts() {
        return await(Statements.execute(pool, UNLINKED_ACCOUNTS)).iterator().next().getLong(0);
    }

    long unmappedPlans() {
        return await(Statements.execute(pool, UNMAPPED_PLANS)).rowCount();
    }

    /// When the oldest due work was added; empty if none waits.
    Optional<Instant> oldestDueWork() {
        return Optional.ofNullable(await(Statements.execute(pool, "SELECT min(added_at) FROM redefined_products"))
                .iterator().next().getOffsetDateTime(0)).map(OffsetDateTime::toInstant);
    }

    long doubleSubscriptions() {
        return await(Statements.execute(pool, DOUBLE_SUBSCRIPTIONS)).iterator().next().getLong(0);
    }

    /// By kind, each counted up to 10,000.
    Map<ContradictionKind, Long> contradictions() {
        Map<ContradictionKind, Long> counts = new EnumMap<>(ContradictionKind.class);
        for (ContradictionKind kind : ContradictionKind.values()) {
            counts.put(kind,
                    await(Statements.execute(pool,
                            "SELECT count(*) FROM (SELECT FROM (" + kind.all() + ") AS found LIMIT "
                                    + MANY + ") AS counted"))
                            .iterator().next().getLong(0));
        }
        return counts;
    }

    /// The counts of each product, the largest first. Subscriptions that are only mentioned have no status and do not
    /// count.
    List<SubscriptionCount> subscriptions() {
        List<SubscriptionCount> counts = new ArrayList<>();
        await(Statements.execute(pool, """
                SELECT coalesce(product_name, product_id, 'unknown') AS product,
                       count(*) FILTER (WHERE ended_at IS NULL AND status IN ('trialing', 'active', 'past_due')),
                       count(*) FILTER (WHERE ended_at IS NULL AND status IN ('trialing', 'active', 'past_due')
                                          AND cancel_at_period_end),
                       count(*) FILTER (WHERE ended_at > now() - interval '30 days')
                FROM subscriptions WHERE status IS NOT NULL
                GROUP BY 1 ORDER BY 2 DESC, 4 DESC, 1
                """))
                .forEach(row -> counts.add(new SubscriptionCount(row.getString(0), row.getLong(1), row.getLong(2),
                        row.getLong(3))));
        return counts;
    }
}
