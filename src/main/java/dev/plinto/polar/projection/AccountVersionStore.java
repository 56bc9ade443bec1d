package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.projection.OpenTransaction.Answer;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/// The accounts' versions and last published messages. An account is locked before its grants are read: different
/// replicas may project customers of one account, and only one replica at a time may compute the account's set.
final class AccountVersionStore {

    private final OpenTransaction transaction;
    private final Map<Account, Long> versions = new HashMap<>();
    private final Map<String, ChangeMessage> newest = new TreeMap<>();

    AccountVersionStore(OpenTransaction transaction) {
        this.transaction = transaction;
    }

    /// Locks the accounts; reading the answer waits for the locks.
    Answer lock(Set<Account> sorted) {
        String[] accounts = sorted.stream().map(Account::value).toArray(String[]::new);
        transaction.send("""
                INSERT INTO accounts (account) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING
                """, Tuple.of(accounts));
        return transaction.send("""
                SELECT account, version FROM accounts WHERE account = ANY ($1) ORDER BY account FOR UPDATE
                """, Tuple.of(accounts));
    }

    void load(Answer locked) {
        locked.list(row -> Map.entry(new Account(row.getString(0)), row.getLong(1)))
                .forEach(version -> versions.put(version.getKey(), version.getValue()));
    }

    long version(Account account) {
        return Objects.requireNonNull(versions.get(account), "an account that was not locked");
    }

    void publish(ChangeMessage message) {
        versions.put(message.account(), message.version());
        newest.put(message.key(), message);
    }

    void save() {
        Collection<ChangeMessage> messages = newest.values();
        if (messages.isEmpty()) {
            return;
        }
        transaction.send("""
                UPDATE accounts SET version = changed.version, published = changed.published::json
                FROM unnest($1::text[], $2::bigint[], $3::text[]) AS changed (account, version, published)
                WHERE accounts.account = changed.account
                """, Tuple.of(
                messages.stream().map(ChangeMessage::key).toArray(String[]::new),
                messages.stream().map(ChangeMessage::version).toArray(Long[]::new),
                messages.stream().map(ChangeMessage::json).toArray(String[]::new)));
    }
}
