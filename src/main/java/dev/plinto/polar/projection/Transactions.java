package dev.plinto.polar.projection;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    /// @throws RuntimeException what the answer fails with
    static <T> T await(Future<T> answer) {
        try {
            return answer.toCompletionStage().toCompletableFuture().get(SILENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : new CompletionException(failed.getCause());
        } catch (TimeoutException silent) {
            throw new CompletionException("the database has not answered for " + SILENCE.toSeconds() + " s", silent);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CompletionException("interrupted while waiting for the database", interrupted);
        }
    }
}
