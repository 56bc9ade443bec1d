package dev.plinto.polar.projection;

import static dev.plinto.polar.postgres.Answers.await;

import io.vertx.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Function;

/// Transactions that read as what they do, from top to bottom, on a thread that may wait.
@ApplicationScoped
public class Transactions {

    private final Pool pool;

    Transactions(Pool pool) {
        this.pool = pool;
    }

    /// Commits what the work did, or nothing of it.
    <T> T inOne(Function<OpenTransaction, T> work) {
        OpenTransaction transaction = new OpenTransaction(await(pool.getConnection()));
        try {
            T result = work.apply(transaction);
            transaction.commit();
            return result;
        } finally {
            transaction.end();
        }
    }
}
