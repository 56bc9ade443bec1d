package dev.plinto.polar.projection;

import io.vertx.sqlclient.Tuple;
import java.util.List;

/// The newest message of each subscription, and of each account.
enum StoredMessages {

    SUBSCRIPTIONS("subscriptions", "id", "0"),
    /// To make an account's message anew, its live grants are loaded, of which the message may list only some.
    ACCOUNTS("accounts", "account", "1000 * (SELECT count(*) FROM grants WHERE grants.account = accounts.account)");

    private final String next;
    private final String lock;

    /// @param loaded how many bytes a row takes in memory, apart from its message
    StoredMessages(String table, String key, String loaded) {
        this.next = Chunks.of(table, key, "published IS NOT NULL", "octet_length(published::text) + " + loaded).next();
        this.lock = """
                SELECT published::text FROM %1$s WHERE %2$s = ANY ($1) ORDER BY %2$s FOR UPDATE
                """.formatted(table, key);
    }

    Chunks chunks() {
        return new Chunks(next);
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
