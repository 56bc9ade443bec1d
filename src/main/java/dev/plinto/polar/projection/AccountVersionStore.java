package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Account;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The accounts' versions and newest messages. An account is locked before its grants are read: customers of one
/// account may be projected by different replicas, and only one of them at a time can say what it adds up to.
final class AccountVersionStore {

    private final OpenTransaction transaction;
    private final Map<Account, Long> versions = new HashMap<>();
    private final Map<String, ChangeMessage> published = new TreeMap<>();
    private OpenTransaction.Answer locked;

    AccountVersionStore(OpenTransaction transaction) {
        this.transaction = transaction;
    }

    void lock(Set<Account> sorted) {
        String[] accounts = sorted.stream().map(Account::value).toArray(String[]::new);
        transaction.send("""
                INSERT INTO accounts (account) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING
                """, Tuple.of(accounts));
        locked = transaction.send("""
                SELECT account, version FROM accounts WHERE account = ANY ($1) ORDER BY account FOR UPDATE
                """, Tuple.of(accounts));
    }

    /// Waits for the locks.
    void recall() {
        locked.list(row -> Map.entry(new Account(row.getString(0)), row.getLong(1)))
                .forEach(one -> versions.put(one.getKey(), one.getValue()));
    }

    long version(Account account) {
        return versions.get(account);
    }

    void publish(ChangeMessage message) {
        versions.put(message.account(), message.version());
        published.put(message.key(), message);
    }

    void save() {
        Collection<ChangeMessage> newest = published.values();
        if (newest.isEmpty()) {
            return;
        }
        transaction.send("""
                UPDATE accounts SET version = told.version, published = told.published::json
                FROM unnest($1::text[], $2::bigint[], $3::text[]) AS told (account, version, published)
                WHERE accounts.account = told.account
                """, Tuple.of(
                newest.stream().map(ChangeMessage::key).toArray(String[]::new),
                newest.stream().map(ChangeMessage::version).toArray(Long[]::new),
                newest.stream().map(ChangeMessage::json).toArray(String[]::new)));
    }
}
