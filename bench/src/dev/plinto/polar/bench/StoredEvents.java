package dev.plinto.polar.bench;

import dev.plinto.polar.testing.Database;

/// The tables of a service that has run for long: events of other customers, which the backlog does not contain. Their
/// ids start with `stored-`.
final class StoredEvents {

    /// Stores a customer, a subscription, three grants and an account for every twenty events.
    static void fill(Database database, int events) {
        System.out.printf("  storing %d events%n", events);
        String series = "generate_series(1, " + events + ") AS i";
        String each20th = "generate_series(1, " + events / 20 + ") AS i";
        database.execute("""
                INSERT INTO inbox (webhook_id, type, outcome, moment, received_at, origin)
                SELECT 'stored-' || md5(i::text), 'subscription.updated', 'applied', now(), now(), 'webhook' FROM\s"""
                + series);
        database.execute("""
                INSERT INTO payloads (webhook_id, received_at, body)
                SELECT 'stored-' || md5(i::text), now(), convert_to(repeat(md5(i::text), 88), 'UTF8') FROM\s"""
                + series);
        database.execute("""
                INSERT INTO customers (id, external_id, said_at, said_by)
                SELECT 'stored-c-' || md5(i::text), 'stored-o-' || i, now(), 'stored' FROM\s""" + each20th);
        database.execute("""
                INSERT INTO subscriptions (id, customer_id, status, said_at, said_by, account, version, published)
                SELECT 'stored-s-' || md5(i::text), 'stored-c-' || md5(i::text), 'active', now(), 'stored',
                       'stored-o-' || i, 1, '{}' FROM\s""" + each20th);
        database.execute("""
                INSERT INTO grants (id, customer_id, subscription_id, benefit_id, is_granted, said_at, said_by, account)
                SELECT 'stored-g-' || md5(i::text), 'stored-c-' || md5((i / 3)::text),
                       'stored-s-' || md5((i / 3)::text),
                       'b', true, now(), 'stored', 'stored-o-' || i / 3 FROM generate_series(1, %d) AS i"""
                .formatted(events / 20 * 3));
        database.execute("""
                INSERT INTO accounts (account, version, published)
                SELECT 'stored-o-' || i, 1, '{}' FROM\s""" + each20th);
        database.execute("CHECKPOINT");
    }

    /// Removes them, so that the oracle sees only the backlog.
    static void setAside(Database database) {
        for (String table : new String[] {"inbox", "payloads"}) {
            database.execute("DELETE FROM " + table + " WHERE webhook_id LIKE 'stored-%'");
        }
        for (String table : new String[] {"customers", "subscriptions", "grants"}) {
            database.execute("DELETE FROM " + table + " WHERE id LIKE 'stored-%'");
        }
        database.execute("DELETE FROM accounts WHERE account LIKE 'stored-%'");
    }

    private StoredEvents() {}
}
