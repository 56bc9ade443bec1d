package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.projection.OpenTransaction.Answer;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The accounts' versions and last published messages. An account is locked before its grants are read: different
/// replicas may project customers of one account, and only one replica at a time may compute the account's set.
///
/// The history gets an account's whole set again once the changes since the last one take as much room as the set, so
/// that it grows with the events and not with the size of the account; and after four weeks, so that it has one within
/// the retention.
final class AccountVersionStore {

    private static final Duration SET_INTERVAL = Duration.ofDays(28);

    private final OpenTransaction transaction;
    private final Instant now;
    private final Map<Account, Stored> accounts = new TreeMap<>();
    private final Map<Account, ChangeMessage> messages = new TreeMap<>();
    private final Set<Account> changed = new TreeSet<>();

    /// @param setAt   when the history got the whole set; null if it never did
    /// @param changes how many characters the changes since then take
    private record Stored(long version, @Nullable Instant setAt, long changes) {}

    AccountVersionStore(OpenTransaction transaction, Instant now) {
        this.transaction = transaction;
        this.now = now;
    }

    /// Locks the accounts; reading the answer waits for the locks.
    Answer lock(Set<Account> sorted) {
        String[] accounts = sorted.stream().map(Account::value).toArray(String[]::new);
        transaction.send("""
                INSERT INTO accounts (account) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING
                """, Tuple.of(accounts));
        return transaction.send("""
                SELECT account, version, history_set_at, changed_characters FROM accounts WHERE account = ANY ($1)
                ORDER BY account FOR UPDATE
                """, Tuple.of(accounts));
    }

    void load(Answer locked) {
        locked.list(row -> accounts.put(new Account(row.getString(0)),
                new Stored(row.getLong(1), FieldColumn.instant(row.getOffsetDateTime(2)), row.getLong(3))));
    }

    long version(Account account) {
        return stored(account).version;
    }

    /// Counts a change that is stored.
    ///
    /// @param version of the message that will tell it
    void addChange(Account account, long version, int characters) {
        Stored stored = stored(account);
        accounts.put(account, new Stored(version, stored.setAt, stored.changes + characters));
        changed.add(account);
    }

    /// With the version that [#addChange] gave.
    ///
    /// @return whether the history must get the whole set
    boolean publish(ChangeMessage message) {
        messages.put(message.account(), message);
        Stored stored = stored(message.account());
        boolean withSet = stored.setAt == null
                || stored.changes >= message.json().length()
                || stored.setAt.isBefore(now.minus(SET_INTERVAL));
        if (withSet) {
            accounts.put(message.account(), new Stored(message.version(), now, 0));
        }
        return withSet;
    }

    /// Likewise, for a message that no event caused.
    ///
    /// @param withSet whether the history gets the whole set
    void publishAnew(ChangeMessage message, boolean withSet) {
        Stored before = stored(message.account());
        accounts.put(message.account(), withSet
                ? new Stored(message.version(), now, 0)
                : new Stored(message.version(), before.setAt, before.changes));
        messages.put(message.account(), message);
        changed.add(message.account());
    }

    void save() {
        if (changed.isEmpty()) {
            return;
        }
        transaction.send("""
                UPDATE accounts
                SET version = changed.version, history_set_at = changed.set_at, changed_characters = changed.characters,
                    published = coalesce(changed.published::json, accounts.published)
                FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::bigint[], $5::text[])
                  AS changed (account, version, set_at, characters, published)
                WHERE accounts.account = changed.account
                """, Tuple.of(
                changed.stream().map(Account::value).toArray(String[]::new),
                changed.stream().map(account -> stored(account).version).toArray(Long[]::new),
                FieldColumn.times(changed.stream().map(account -> stored(account).setAt)),
                changed.stream().map(account -> stored(account).changes).toArray(Long[]::new),
                changed.stream().map(messages::get).map(message -> message == null ? null : message.json())
                        .toArray(String[]::new)));
    }

    private Stored stored(Account account) {
        return Objects.requireNonNull(accounts.get(account), "an account that was not locked");
    }
}
