package dev.plinto.polar.projection;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.function.Function;

/// Transactions that read as what they do, from top to bottom, on a thread that may wait.
@ApplicationScoped
class Transactions {

    /// Longer than any statement of ours takes on a working database; a connection that is silent for longer is dead.
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final Pool pool;

    Transactions(Pool pool) {
        this.pool = pool;
    }

    /// Commits what the work did, or nothing of it.
    <T> T inOne(Function<SqlConnection, T> work) {
        SqlConnection connection = await(pool.getConnection());
        try {
            Transaction transaction = await(connection.begin());
            // A suspended replica must not keep the rows that its successor needs.
            await(connection.query("SET LOCAL idle_in_transaction_session_timeout = '5s'").execute());
            T result = work.apply(connection);
            await(transaction.commit());
            return result;
        } finally {
            connection.closeAndForget(); // which also rolls back what was not committed
        }
    }

    static <T> T await(Uni<T> answer) {
        return answer.await().atMost(SILENCE);
    }
}
