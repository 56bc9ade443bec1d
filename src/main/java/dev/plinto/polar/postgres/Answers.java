package dev.plinto.polar.postgres;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waits for PostgreSQL's results, for a limited time. Only for threads that may block.
public final class Answers {

    /// Longer than any statement of this service takes on a working database: a connection silent for longer is dead.
    public static final Duration SILENCE = Duration.ofSeconds(30);

    /// @throws RuntimeException the failure of the query; [CompletionException] after the limit
    public static <T> T await(Future<T> answer, Duration limit) {
        try {
            return answer.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause
                    ? cause
                    : new CompletionException(failed.getCause());
        } catch (TimeoutException silent) {
            throw new CompletionException("PostgreSQL did not answer within " + limit.toSeconds() + " s", silent);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CompletionException("interrupted while waiting for PostgreSQL", interrupted);
        }
    }

    /// Waits at most [#SILENCE].
    public static <T> T await(Future<T> answer) {
        return await(answer, SILENCE);
    }

    /// @throws RuntimeException the failure of the query; [io.smallrye.mutiny.TimeoutException] after the limit
    public static <T> T await(Uni<T> answer, Duration limit) {
        return answer.await().atMost(limit);
    }

    /// Waits at most [#SILENCE].
    public static <T> T await(Uni<T> answer) {
        return await(answer, SILENCE);
    }

    private Answers() {}
}
