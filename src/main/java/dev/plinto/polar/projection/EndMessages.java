package dev.plinto.polar.projection;

import dev.plinto.polar.DataSubject;
import dev.plinto.polar.ErasureStep;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Ends what the change topics tell of an erased organization by records without a value, so that compaction removes
/// the rest. What was told so is not told again by a republish, and counts on in its versions if the organization comes
/// back.
final class EndMessages implements ErasureStep {

    private static final int ROWS = 500;

    private static final String ENDED_SUBSCRIPTIONS = """
            SELECT id FROM subscriptions
            WHERE account = $1 AND published IS NOT NULL
              AND id NOT IN (SELECT id FROM live_subscriptions WHERE account = $1)
            ORDER BY id LIMIT $2
            """;
    private static final String MARK_SUBSCRIPTIONS = """
            UPDATE subscriptions SET published = NULL, version = ended.version
            FROM unnest($1::text[], $2::bigint[]) AS ended (id, version) WHERE subscriptions.id = ended.id
            """;
    private static final String TOLD_ACCOUNT = """
            SELECT account FROM accounts WHERE account = $1 AND published IS NOT NULL FOR UPDATE
            """;
    /// Asked once the account is locked: nobody adds one meanwhile.
    private static final String GRANTED = "SELECT FROM grants WHERE account = $1 LIMIT 1";
    private static final String MARK_ACCOUNT = "UPDATE accounts SET published = NULL, version = $2 WHERE account = $1";

    private final Transactions transactions;
    private final InstantSource clock;

    EndMessages(Transactions transactions, InstantSource clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "tombstones";
    }

    @Override
    public boolean countsWhatItDid() {
        return true;
    }

    @Override
    public Optional<String> take(DataSubject subject) {
        long subscriptions = 0;
        int part;
        do {
            part = transactions.inOne(transaction -> endSubscriptions(transaction, subject));
            subscriptions += part;
        } while (part == ROWS);
        boolean isAccountEnded = transactions.inOne(transaction -> endAccount(transaction, subject));
        return Optional.of("records without a value for " + subscriptions + " subscriptions"
                + (isAccountEnded ? " and for the set" : ", none for the set"));
    }

    private int endSubscriptions(OpenTransaction transaction, DataSubject subject) {
        List<String> ids = transaction.send(ENDED_SUBSCRIPTIONS, Tuple.of(subject.organization(), ROWS))
                .list(row -> row.getString(0));
        List<ChangeMessage> ends = tell(StoredMessages.SUBSCRIPTIONS, ids, transaction);
        transaction.send(MARK_SUBSCRIPTIONS, Tuple.tuple()
                .addArrayOfString(ends.stream().map(ChangeMessage::key).toArray(String[]::new))
                .addArrayOfLong(ends.stream().map(ChangeMessage::version).toArray(Long[]::new)));
        return ends.size();
    }

    private boolean endAccount(OpenTransaction transaction, DataSubject subject) {
        Tuple account = Tuple.of(subject.organization());
        List<String> told = transaction.send(TOLD_ACCOUNT, account).list(row -> row.getString(0));
        if (told.isEmpty() || transaction.send(GRANTED, account).rowCount() > 0) {
            return false;
        }
        tell(StoredMessages.ACCOUNTS, told, transaction).forEach(
                end -> transaction.send(MARK_ACCOUNT, Tuple.of(end.key(), end.version())));
        return true;
    }

    private List<ChangeMessage> tell(StoredMessages stored, List<String> keys, OpenTransaction transaction) {
        Instant now = clock.instant();
        List<ChangeMessage> ends = stored.lock(transaction, keys).stream().map(last -> last.ended(now)).toList();
        Outbox outbox = new Outbox();
        ends.forEach(outbox::addTombstone);
        outbox.saveWithHistory(transaction, now);
        return ends;
    }
}
