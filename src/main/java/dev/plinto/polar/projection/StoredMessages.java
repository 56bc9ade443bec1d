package dev.plinto.polar.projection;

import io.vertx.sqlclient.Tuple;
import java.util.List;

/// The newest message of each subscription, and of each account.
enum StoredMessages {

    SUBSCRIPTIONS("subscriptions", "id", "0"),
    /// To make an account's message anew, its live grants are loaded, of which the message may list only some.
    ACCOUNTS("accounts", "account", "1000 * (SELECT count(*) FROM grants WHERE grants.account = accounts.account)");

    private static final int MAX_ROWS = 100;
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    private final String next;
    private final String lock;

    /// @param loaded how many bytes a row takes in memory, apart from its message
    StoredMessages(String table, String key, String loaded) {
        this.next = """
                WITH next AS MATERIALIZED (
                  SELECT %2$s AS key, octet_length(published::text) + %3$s AS bytes FROM %1$s
                  WHERE %2$s > $1 AND published IS NOT NULL ORDER BY %2$s LIMIT $2),
                sized AS (SELECT key, bytes, sum(bytes) OVER (ORDER BY key) AS sum FROM next)
                SELECT key FROM sized WHERE sum <= $3 OR sum = bytes ORDER BY key
                """.formatted(table, key, loaded);
        this.lock = """
                SELECT published::text FROM %1$s WHERE %2$s = ANY ($1) ORDER BY %2$s FOR UPDATE
                """.formatted(table, key);
    }

    /// The next keys: of messages that take at most 4 MB, since they are held in memory, but at least one.
    List<String> next(OpenTransaction transaction, String after) {
        return transaction.send(next, Tuple.of(after, MAX_ROWS, MAX_BYTES)).list(row -> row.getString(0));
    }

    /// The messages of these keys, locked.
    List<ChangeMessage> lock(OpenTransaction transaction, List<String> keys) {
        return transaction.send(lock, Tuple.of(keys.toArray(String[]::new))).list(row -> read(row.getString(0)));
    }

    private ChangeMessage read(String json) {
        return switch (this) {
            case SUBSCRIPTIONS -> ChangeMessage.ofPublishedSubscription(json);
            case ACCOUNTS -> ChangeMessage.ofPublishedEntitlements(json);
        };
    }
}
