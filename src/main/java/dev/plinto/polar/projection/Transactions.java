package dev.plinto.polar.projection;

import static dev.plinto.polar.postgres.Answers.await;

import io.vertx.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Function;

/// Runs blocking transactions on the calling thread.
@ApplicationScoped
public class Transactions {

    private final Pool pool;

    Transactions(Pool pool) {
        this.pool = pool;
    }

    /// Commits all that the work did, or nothing.
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
