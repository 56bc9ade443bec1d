package dev.plinto.polar.projection;

import dev.plinto.polar.DataSubject;
import dev.plinto.polar.ErasureStep;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Tells an erasure on its topic, by hashes alone: that it goes on, or, at its end, until when what is said of the
/// organization is not kept. A backup that is older than the erasure learns it from there.
final class TellErasure implements ErasureStep {

    /// An erasure that is taken up again after the restore of a backup keeps the end that it had.
    private static final String END = """
            UPDATE erased_ids
            SET erased_until = CASE WHEN erased_until = 'infinity' THEN clock_timestamp() ELSE erased_until END,
                last_version = greatest(last_version, (SELECT version FROM accounts WHERE account = $1))
            WHERE kind = 'organization' AND hash = erasure_hash($1)
            """;
    private static final String TOMBSTONES = """
            SELECT encode(hash, 'hex'), nullif(erased_until, 'infinity'), last_version,
                   ARRAY(SELECT encode(customer.hash, 'hex') FROM erased_ids AS customer
                         WHERE customer.organization = erased.hash ORDER BY 1)
            FROM erased_ids AS erased WHERE kind = 'organization' AND hash = erasure_hash($1)
            """;

    private final String name;
    private final boolean isEnd;
    private final Transactions transactions;
    private final InstantSource clock;

    private TellErasure(String name, boolean isEnd, Transactions transactions, InstantSource clock) {
        this.name = name;
        this.isEnd = isEnd;
        this.transactions = transactions;
        this.clock = clock;
    }

    static TellErasure begun(Transactions transactions, InstantSource clock) {
        return new TellErasure("tell erasure", false, transactions, clock);
    }

    static TellErasure ended(Transactions transactions, InstantSource clock) {
        return new TellErasure("tell end", true, transactions, clock);
    }

    @Override
    public String name() {
        return name;
    }

    /// Begun again, it tells the same with a higher version.
    @Override
    public Optional<String> take(DataSubject subject) {
        Tuple organization = Tuple.of(subject.organization());
        transactions.inOne(transaction -> {
            if (isEnd) {
                transaction.send(END, organization);
            }
            Instant now = clock.instant();
            List<ChangeMessage> messages = transaction.send(TOMBSTONES, organization).list(row -> message(row, now));
            Outbox outbox = new Outbox();
            messages.forEach(message -> outbox.addRepublished(message, false));
            outbox.saveWithHistory(transaction, now);
            return messages;
        });
        return Optional.of("told on polar.erasures");
    }

    private static ChangeMessage message(Row row, Instant now) {
        return ChangeMessage.ofErasure(row.getString(0), FieldColumn.instant(row.getOffsetDateTime(1)), row.getLong(2),
                List.of(row.getArrayOfStrings(3)), now);
    }
}
