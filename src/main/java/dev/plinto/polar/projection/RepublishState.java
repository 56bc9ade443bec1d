package dev.plinto.polar.projection;

import io.vertx.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Publishes the current state again, in transactions of at most 4 MB, and no faster than the relay publishes: live
/// changes never wait behind more than a few of these transactions.
///
/// Each transaction locks what it tells, so that an older version cannot enter the outbox after a newer one. A call
/// that ended early can be repeated from the beginning.
@ApplicationScoped
public class RepublishState {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Pool pool;
    private final Transactions transactions;
    private final Partitions partitions;
    private final InstantSource clock;
    private final Duration patience;

    @Inject
    RepublishState(Pool pool, Transactions transactions, Partitions partitions, InstantSource clock) {
        this(pool, transactions, partitions, clock, PATIENCE);
    }

    /// @param patience for how long the relay may publish nothing while the outbox is full
    RepublishState(Pool pool, Transactions transactions, Partitions partitions, InstantSource clock,
            Duration patience) {
        this.pool = pool;
        this.transactions = transactions;
        this.partitions = partitions;
        this.clock = clock;
        this.patience = patience;
    }

    /// `KEPT`: each message as it was published, for a lost change topic or a new cluster; consumers drop versions that
    /// they know. `NEW`: whose grants are live is decided again, and each message is made anew, with a higher
    /// version, so that consumers take it: for a message that has a new form, or a rule that has changed.
    public enum Versions { KEPT, NEW }

    public sealed interface Outcome {}

    /// How many messages were written to the outbox.
    public record Republished(int subscriptions, int accounts) implements Outcome {}

    /// Another call is publishing all state again; this one did nothing.
    public record Running() implements Outcome {}

    /// The outbox was full, and the relay published nothing.
    public record Incomplete(Republished before) implements Outcome {}

    /// Returns once everything is in the outbox. Blocks.
    public Outcome all(Versions versions) throws InterruptedException {
        Optional<RepublishTurn> turn = RepublishTurn.take(pool, clock, patience);
        if (turn.isEmpty()) {
            return new Running();
        }
        try (RepublishTurn taken = turn.get()) {
            boolean isDecided = versions == Versions.KEPT
                    || inChunks(taken,
                            (transaction, after) -> new StoredDecisions(transaction).decideAgain(after)).isAll;
            Told subscriptions = isDecided ? tell(StoredMessages.SUBSCRIPTIONS, versions, taken) : Told.NOTHING;
            Told accounts = subscriptions.isAll ? tell(StoredMessages.ACCOUNTS, versions, taken) : Told.NOTHING;
            Republished republished = new Republished(subscriptions.messages, accounts.messages);
            return accounts.isAll ? republished : new Incomplete(republished);
        }
    }

    private record Told(int messages, boolean isAll) {
        static final Told NOTHING = new Told(0, false);
    }

    private Told tell(StoredMessages stored, Versions versions, RepublishTurn turn) throws InterruptedException {
        return inChunks(turn, (transaction, after) -> tell(transaction, stored, versions, after));
    }

    /// Part of the work, in one transaction.
    private interface Step {
        /// Returns the keys that it has done, in order; none at the end.
        List<String> from(OpenTransaction transaction, String after);
    }

    private Told inChunks(RepublishTurn turn, Step step) throws InterruptedException {
        int done = 0;
        String after = ""; // sorts before all keys
        while (turn.awaitSpace()) {
            String last = after;
            partitions.createAhead(clock.instant());
            List<String> keys = transactions.inOne(transaction -> step.from(transaction, last));
            if (keys.isEmpty()) {
                return new Told(done, true);
            }
            done += keys.size();
            after = keys.getLast();
        }
        return new Told(done, false);
    }

    private List<String> tell(OpenTransaction transaction, StoredMessages stored, Versions versions, String after) {
        Instant now = clock.instant();
        List<String> keys = stored.chunks().next(transaction, after);
        if (!keys.isEmpty()) {
            Outbox outbox = new Outbox();
            switch (versions) {
                case KEPT -> stored.lock(transaction, keys)
                        .forEach(message -> outbox.addRepublished(message, false));
                case NEW -> new NewVersions(transaction, outbox, now).tell(stored, keys);
            }
            outbox.saveWithHistory(transaction, now);
        }
        return keys;
    }
}
