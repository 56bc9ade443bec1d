package dev.plinto.polar.projection;

import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.Function;

/// Publishes the current state again, each message with its last version: for a lost change topic or a new cluster.
/// Consumers drop versions that they have seen, so that repeating it is harmless.
@ApplicationScoped
public class RepublishState {

    private static final int CHUNK = 500;

    /// Locks the rows, so that an older version cannot enter the outbox after a newer one.
    private static final String SUBSCRIPTIONS = """
            SELECT id, published::text FROM subscriptions WHERE id > $1 AND published IS NOT NULL
            ORDER BY id LIMIT $2 FOR UPDATE
            """;
    private static final String ACCOUNTS = """
            SELECT account, published::text FROM accounts WHERE account > $1 AND published IS NOT NULL
            ORDER BY account LIMIT $2 FOR UPDATE
            """;

    private final Transactions transactions;

    RepublishState(Transactions transactions) {
        this.transactions = transactions;
    }

    /// How many messages were written to the outbox.
    public record Republished(int subscriptions, int accounts) {}

    public Republished all() {
        return new Republished(
                inChunks(SUBSCRIPTIONS, ChangeMessage::ofPublishedSubscription),
                inChunks(ACCOUNTS, ChangeMessage::ofPublishedEntitlements));
    }

    private int inChunks(String select, Function<String, ChangeMessage> message) {
        int republished = 0;
        List<Row> chunk = List.of(new Row("", "")); // sorts before all keys
        while (!chunk.isEmpty()) {
            String after = chunk.getLast().key;
            chunk = transactions.inOne(transaction -> republish(transaction, select, after, message));
            republished += chunk.size();
        }
        return republished;
    }

    private record Row(String key, String published) {}

    private static List<Row> republish(OpenTransaction transaction, String select, String after,
            Function<String, ChangeMessage> message) {
        List<Row> rows = transaction.send(select, Tuple.of(after, CHUNK))
                .list(row -> new Row(row.getString(0), row.getString(1)));
        if (!rows.isEmpty()) {
            Outbox outbox = new Outbox();
            rows.forEach(row -> outbox.addRepublished(message.apply(row.published)));
            outbox.save(transaction);
        }
        return rows;
    }
}
