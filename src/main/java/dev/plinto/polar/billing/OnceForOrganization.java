package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.billing.idempotency.Answer;
import dev.plinto.polar.billing.idempotency.Attempt;
import dev.plinto.polar.billing.idempotency.IdempotentRequests;
import dev.plinto.polar.billing.idempotency.Outcome;
import dev.plinto.polar.billing.idempotency.RequestIdentity;
import dev.plinto.polar.caller.Caller;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import java.util.function.Function;

/// Does what somebody asks of Polar for an organization: once ([IdempotentRequests]), and in a thread that may block.
@ApplicationScoped
class OnceForOrganization {

    private final IdempotentRequests requests;

    OnceForOrganization(IdempotentRequests requests) {
        this.requests = requests;
    }

    /// The request, as it came.
    ///
    /// @param method of HTTP
    /// @param body   as parsed; a missing node if there is none
    record Sent(String method, UriInfo uri, HttpHeaders headers, JsonNode body) {

        /// Without the headers and the body.
        @Override
        public String toString() {
            return "Sent[" + method + "]";
        }
    }

    /// The work of one attempt, in a thread that may block.
    interface Work {
        Answer of(Attempt attempt) throws InterruptedException;
    }

    /// @param caller who may do this for the organization: that is checked before
    /// @return fails with the problem for the response, also where Polar fails
    Uni<Outcome> once(Sent request, Caller caller, String organization, Work work) {
        return once(identity(request, caller, organization), request, work);
    }

    /// As [#once], for a request that may undo what another one did. Without a key it is the same as an equal one
    /// before only as long as nothing else happened to what both change: who cancels, takes it back and cancels again
    /// within a second wants three things.
    ///
    /// @param changedSince what the state is now, if it is another one than that which the answer of the equal request
    ///                     tells; else empty
    Uni<Outcome> once(Sent request, Caller caller, String organization, Work work,
            Function<Answer, Uni<Optional<String>>> changedSince) {
        RequestIdentity identity = identity(request, caller, organization);
        return once(identity, request, work).flatMap(outcome -> identity.key().isPresent() || !outcome.isRepeated()
                ? Uni.createFrom().item(outcome)
                : changedSince.apply(outcome.answer()).flatMap(state -> state.isEmpty()
                        ? Uni.createFrom().item(outcome)
                        : once(identity.after(state.get()), request, work)));
    }

    private static RequestIdentity identity(Sent request, Caller caller, String organization) {
        return RequestIdentity.of(caller, organization, request.method, request.uri.getPath(),
                request.headers.getRequestHeader(RequestIdentity.HEADER));
    }

    private Uni<Outcome> once(RequestIdentity identity, Sent request, Work work) {
        return requests.once(identity, request.body, attempt -> {
            ProviderCall<Answer> call = () -> work.of(attempt);
            return call.orProblemInWorker();
        });
    }
}
