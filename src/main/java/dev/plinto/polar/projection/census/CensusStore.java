package dev.plinto.polar.projection.census;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.projection.ParkReason.Kind;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What the database holds that people should know of.
public final class CensusStore {

    /// How many customers at Polar are linked to no organization of ours and hold something: a live grant, or a
    /// subscription that began and has not ended. They paid, and nobody may use it. The conditions on the account are
    /// those of the partial indexes, which hold nobody else.
    public static final String UNLINKED_ACCOUNTS = """
            SELECT count(*) FROM (
              SELECT account FROM grants WHERE starts_with(account, 'customer:')
              UNION
              SELECT account FROM subscriptions
              WHERE starts_with(account, 'customer:') AND ended_at IS NULL
                AND status NOT IN ('incomplete', 'incomplete_expired', 'unpaid', 'canceled')
            ) AS holding
            """;

    private final Pool pool;

    CensusStore(Pool pool) {
        this.pool = pool;
    }

    /// How many events are parked, by reason; 0 where none is.
    Map<Kind, Long> parked() {
        Map<Kind, Long> parked = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            parked.put(kind, 0L);
        }
        await(pool.query("SELECT reason, count(*) FROM parked GROUP BY reason").execute())
                .forEach(row -> Kind.of(row.getString(0)).ifPresent(kind -> parked.put(kind, row.getLong(1))));
        return parked;
    }

    long unlinkedAccounts() {
        return await(pool.query(UNLINKED_ACCOUNTS).execute()).iterator().next().getLong(0);
    }

    /// Of each product, the one with the most first. A subscription that was only mentioned has no status.
    List<SubscriptionCount> subscriptions() {
        List<SubscriptionCount> counts = new ArrayList<>();
        await(pool.query("""
                SELECT coalesce(product_name, product_id, 'unknown') AS product,
                       count(*) FILTER (WHERE ended_at IS NULL AND status IN ('trialing', 'active', 'past_due')),
                       count(*) FILTER (WHERE ended_at > now() - interval '30 days')
                FROM subscriptions WHERE status IS NOT NULL
                GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1
                """).execute())
                .forEach(row -> counts.add(new SubscriptionCount(row.getString(0), row.getLong(1), row.getLong(2))));
        return counts;
    }
}
