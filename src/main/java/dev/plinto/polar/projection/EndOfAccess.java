package dev.plinto.polar.projection;

import dev.plinto.polar.DataSubject;
import dev.plinto.polar.ErasureStep;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/// Waits for the provider's events by which the organization's subscriptions end, and nothing is left that it may use.
/// Of a customer who stays at the provider, what is granted for good stays too; and what was bought at Conekta, while
/// Conekta is off.
final class EndOfAccess implements ErasureStep {

    private static final String LEFT = """
            SELECT (SELECT count(*) FROM live_subscriptions WHERE account = $1 AND ($2 OR strpos(id, ':') = 0)),
                   (SELECT count(*) FROM grants WHERE account = $1),
                   (SELECT count(*) FROM grants WHERE account = $1 AND NOT $2 AND strpos(id, ':') > 0),
                   (SELECT coalesce(bool_or(keep_at_provider), false) FROM erasures
                    WHERE organization = $1 AND completed_at IS NULL)
            """;

    private final Transactions transactions;
    private final boolean isConektaOn;

    EndOfAccess(Transactions transactions, boolean isConektaOn) {
        this.transactions = transactions;
        this.isConektaOn = isConektaOn;
    }

    @Override
    public String name() {
        return "end of access";
    }

    @Override
    public Optional<String> take(DataSubject subject) {
        return transactions.inOne(transaction -> transaction.send(LEFT, Tuple.of(subject.organization(), isConektaOn))
                .list(row -> outcome(row, subject)).getFirst());
    }

    private static Optional<String> outcome(Row row, DataSubject subject) {
        long live = row.getLong(0);
        long granted = row.getLong(1);
        long stays = row.getBoolean(3) || !subject.sharedCustomers().isEmpty() ? granted : row.getLong(2);
        if (live > 0 || granted > stays) {
            return Optional.empty();
        }
        return Optional.of(granted == 0
                ? "no subscription is live, and nothing is granted"
                : "no subscription is live; " + granted + " grants of a customer who stays at the provider stay");
    }
}
