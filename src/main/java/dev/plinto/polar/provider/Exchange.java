package dev.plinto.polar.provider;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.resteasy.reactive.RestResponse;

/// Sends a request, waits for its answer and counts both. An interrupt ends the wait.
///
/// @param most for an answer to be whole. The client's own timeout ends with the headers; a body may stall, or come
///             byte by byte
public record Exchange(ProviderMetrics metrics, Duration most) {

    /// @return an answer with a status below 300
    /// @throws ErrorAnswer           for any other answer
    /// @throws NoAnswer.Failure      if no answer came
    /// @throws IllegalStateException by a fault of this service
    public RestResponse<byte[]> await(String operation, Uni<RestResponse<byte[]>> request)
            throws InterruptedException {
        long sent = System.nanoTime();
        CompletableFuture<RestResponse<byte[]>> answer = request.subscribeAsCompletionStage();
        try {
            RestResponse<byte[]> response = answer.get(most.toMillis(), TimeUnit.MILLISECONDS);
            metrics.answered(operation, response.getStatus(), since(sent));
            return response;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ErrorAnswer error) {
                metrics.answered(operation, error.status(), since(sent));
                throw error;
            }
            metrics.unanswered(operation, since(sent));
            throw failure(failed);
        } catch (TimeoutException late) {
            metrics.unanswered(operation, since(sent));
            throw failure(late);
        } finally {
            answer.cancel(true); // closes the connection if there is no answer yet
        }
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }

    private static RuntimeException failure(Throwable cause) {
        return NoAnswer.because(cause).<RuntimeException>map(NoAnswer.Failure::new)
                .orElseGet(() -> new IllegalStateException("A request to a provider failed by a fault of this service",
                        cause));
    }
}
