package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import dev.plinto.polar.conekta.api.ConektaFailure;
import dev.plinto.polar.polar.api.PolarFailure;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.WebApplicationException;

/// What is asked of Polar or Conekta, in a thread that may block. Fails with [PolarFailure] or [ConektaFailure] if the
/// provider does not answer, or refuses.
interface ProviderCall<T> {

    Problem STOPPING = new Problem("provider-unavailable", 503, "This replica is being stopped",
            "Send the request again, with the same Idempotency-Key: then it is done once.");

    T get() throws InterruptedException;

    /// Throws the problem for the response instead of a failure of the provider's.
    default T orProblem() {
        try {
            return get();
        } catch (PolarFailure failure) {
            throw ProviderProblem.of(failure);
        } catch (ConektaFailure failure) {
            throw ConektaProblem.of(failure);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw STOPPING.exception();
        }
    }

    /// The same in a thread that may block. A problem is a value until it is known that somebody waits for it: else
    /// Mutiny would log, as an error, that nobody takes it, such as after the sender has gone, or at a stop.
    default Uni<T> orProblemInWorker() {
        return Uni.createFrom().item(this::ended).runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .map(Ended::answer);
    }

    private Ended<T> ended() {
        try {
            T answer = orProblem();
            return () -> answer;
        } catch (WebApplicationException problem) {
            return () -> {
                throw problem;
            };
        }
    }

    /// Returns the answer, or throws the problem.
    interface Ended<T> {
        T answer();
    }
}
