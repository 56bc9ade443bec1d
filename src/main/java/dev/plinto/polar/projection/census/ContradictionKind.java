package dev.plinto.polar.projection.census;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// A way in which Polar's statements contradict each other about who has access. Only customers would notice. What
/// lasts for less than an hour is none: a grant ends a moment after its subscription.
///
/// Each is found by walking a partial index that has the columns it needs, and looking up grants. The age of a grant is
/// written so that PostgreSQL has no statistics of it: right after many were granted, they led to a plan that reads all
/// live grants.
public enum ContradictionKind {

    /// A customer was deleted, and has a live grant.
    DELETED_CUSTOMER("""
            SELECT id, deleted_at AS since FROM customers
            WHERE deleted_at < now() - interval '1 hour' AND EXISTS (
              SELECT FROM grants WHERE customer_id = customers.id AND account IS NOT NULL
                AND said_at + interval '1 hour' < now())
            """, "found.id", "NULL", "customer_id = found.id"),

    /// A subscription has ended, and gives a live grant.
    ENDED_SUBSCRIPTION("""
            SELECT id, ended_at AS since FROM subscriptions
            WHERE ended_at < now() - interval '1 hour' AND EXISTS (
              SELECT FROM grants WHERE subscription_id = subscriptions.id AND account IS NOT NULL
                AND said_at + interval '1 hour' < now())
            """, "(SELECT customer_id FROM subscriptions WHERE id = found.id)", "found.id",
            "subscription_id = found.id"),

    /// What a customer holds is of an organization in part, and in part of the account of a customer who is linked to
    /// none; or the published set of such an account still has a grant that is of another account.
    TWO_ACCOUNTS("""
            SELECT id, NULL::timestamptz AS since FROM (
              SELECT account AS id FROM grants AS unlinked
              WHERE starts_with(account, 'customer:') AND said_at + interval '1 hour' < now() AND EXISTS (
                SELECT FROM grants AS linked WHERE customer_id = unlinked.customer_id
                  AND NOT starts_with(account, 'customer:') AND said_at + interval '1 hour' < now())
              UNION
              SELECT account FROM accounts
              WHERE starts_with(account, 'customer:') AND EXISTS (
                SELECT FROM json_array_elements(published -> 'entitlements') AS entitlement
                  CROSS JOIN json_array_elements(entitlement -> 'grants') AS listed
                  JOIN grants ON grants.id = listed ->> 'grant_id'
                WHERE grants.account <> accounts.account)) AS account
            """, "substr(found.id, 10)", "NULL", "customer_id = substr(found.id, 10)");

    private final String all;
    private final String customer;
    private final String subscription;
    private final String grants;

    ContradictionKind(String all, String customer, String subscription, String grants) {
        this.all = all;
        this.customer = customer;
        this.subscription = subscription;
        this.grants = grants;
    }

    /// As the API and the metric name it.
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<ContradictionKind> of(String wireName) {
        return Stream.of(values()).filter(kind -> kind.wireName().equals(wireName)).findFirst();
    }

    /// A query for all of this kind: `id`, which is unique, and `since`.
    String all() {
        return all;
    }

    /// A query for some of this kind in the order of ids: `id`, `customer_id`, `subscription_id`, `since`, and of the
    /// live grants, counted up to 100, `grant_count`, `accounts` and the first five `grants`.
    ///
    /// @param after the parameter with the id after which to begin; null if none of this kind is wanted
    /// @param limit the parameter with how many to return
    public String page(String after, String limit) {
        // The grants have no order, so that no plan reads all of them in that order.
        return """
                SELECT found.id, %2$s AS customer_id, %3$s AS subscription_id, since, grant_count, accounts, grants
                FROM (SELECT * FROM (%1$s) AS one WHERE %5$s::text IS NOT NULL AND id > %5$s ORDER BY id LIMIT %6$s)
                  AS found CROSS JOIN LATERAL (
                  SELECT count(*) AS grant_count, array_agg(DISTINCT account) AS accounts,
                         (array_agg(id ORDER BY id))[1:5] AS grants
                  FROM (SELECT id, account FROM grants WHERE %4$s AND account IS NOT NULL LIMIT 100) AS few) AS held
                """.formatted(all, customer, subscription, grants, after, limit);
    }
}
