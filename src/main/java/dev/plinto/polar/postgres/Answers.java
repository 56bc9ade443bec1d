package dev.plinto.polar.postgres;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waits for PostgreSQL's results, for a limited time. Only for threads that may block.
public final class Answers {

    /// Longer than any `POLAR_DATABASE_SILENCE`, after which [SilentConnections] closes the connection and so fails the
    /// statement: the wait ends by itself only if that did not happen.
    public static final Duration LONGEST = Duration.ofMinutes(3);

    /// @throws RuntimeException the failure of the query; [CompletionException] after the limit
    public static <T> T await(Future<T> answer, Duration limit) {
        return get(answer.toCompletionStage().toCompletableFuture(), limit);
    }

    /// Waits at most [#LONGEST].
    public static <T> T await(Future<T> answer) {
        return await(answer, LONGEST);
    }

    /// @throws RuntimeException the failure of the query; [CompletionException] after the limit
    public static <T> T await(Uni<T> answer, Duration limit) {
        return get(answer.subscribeAsCompletionStage(), limit);
    }

    /// Waits at most [#LONGEST].
    public static <T> T await(Uni<T> answer) {
        return await(answer, LONGEST);
    }

    private static <T> T get(CompletableFuture<T> answer, Duration limit) {
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error unexpected -> throw unexpected; // nobody retries it
                case null, default -> throw new CompletionException(failed.getCause());
            }
        } catch (TimeoutException silent) {
            answer.cancel(true);
            throw new CompletionException("PostgreSQL did not answer within " + limit.toMillis() + " ms", silent);
        } catch (InterruptedException interrupted) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new CompletionException("interrupted while waiting for PostgreSQL", interrupted);
        }
    }

    private Answers() {}
}
