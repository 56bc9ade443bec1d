package dev.plinto.polar.usage;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.postgres.Statements;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// The customers at Polar who pay for what organizations use.
final class Buyers {

    /// The customer of the newest live subscription, else of the newest order, else the organization's own. A deleted
    /// one pays nothing, and one at another provider, whose id has a prefix with a colon, nothing at Polar.
    private static final String BUYERS = """
            SELECT asked.organization, buyer.id FROM unnest($1::text[]) AS asked (organization) CROSS JOIN LATERAL (
              SELECT id FROM (
                (SELECT 1 AS choice, customer_id AS id, current_period_start AS at FROM subscriptions
                 WHERE account = asked.organization AND ended_at IS NULL AND NOT starts_with(account, 'customer:')
                   AND status NOT IN ('canceled', 'incomplete', 'incomplete_expired'))
                UNION ALL
                (SELECT 2, customer_id, created_at FROM orders WHERE organization_id = asked.organization
                 ORDER BY created_at DESC, id DESC LIMIT 100)
                UNION ALL
                (SELECT 3, id, NULL FROM customers WHERE external_id = asked.organization)
              ) AS found
              WHERE id <> ALL ($2) AND strpos(id, ':') = 0
                AND NOT EXISTS (SELECT FROM customers WHERE customers.id = found.id AND deleted_at IS NOT NULL)
              ORDER BY choice, at DESC NULLS LAST, id LIMIT 1
            ) AS buyer
            """;

    /// By then our own state says that it is deleted: a webhook or reconciliation has told.
    private static final Duration UNKNOWN = Duration.ofHours(1);
    private static final int MOST_UNKNOWN = 10_000;

    private final Pool pool;
    private final InstantSource clock;
    private final Map<String, Instant> unknown = new LinkedHashMap<>();

    Buyers(Pool pool, InstantSource clock) {
        this.pool = pool;
        this.clock = clock;
    }

    /// Polar's customer of each of these organizations that has one.
    Map<String, String> of(Collection<String> organizations) {
        unknown.values().removeIf(until -> until.isBefore(clock.instant()));
        Map<String, String> buyers = new HashMap<>();
        await(Statements.execute(pool, BUYERS,
                Tuple.of(organizations.toArray(String[]::new), unknown.keySet().toArray(String[]::new))))
                .forEach(row -> buyers.put(row.getString(0), row.getString(1)));
        return buyers;
    }

    /// Polar says that it has no such customer, whatever our own state says.
    void isUnknown(String customerId) {
        unknown.put(customerId, clock.instant().plus(UNKNOWN));
        if (unknown.size() > MOST_UNKNOWN) {
            unknown.remove(unknown.keySet().iterator().next());
        }
    }
}
