package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import dev.plinto.polar.polar.api.PolarFailure;

/// What is asked of Polar, in a thread that may block. Fails with [PolarFailure] if Polar does not answer, or refuses.
interface PolarCall<T> {

    Problem STOPPING = new Problem("provider-unavailable", 503, "This replica is being stopped",
            "Send the request again, with the same Idempotency-Key: then it is done once.");

    T get() throws InterruptedException;

    /// Throws the problem for the response instead of a failure of Polar's.
    default T orProblem() {
        try {
            return get();
        } catch (PolarFailure failure) {
            throw ProviderProblem.of(failure);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw STOPPING.exception();
        }
    }
}
