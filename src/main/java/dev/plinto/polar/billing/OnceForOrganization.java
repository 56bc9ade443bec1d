package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.billing.idempotency.Answer;
import dev.plinto.polar.billing.idempotency.Attempt;
import dev.plinto.polar.billing.idempotency.IdempotentRequests;
import dev.plinto.polar.billing.idempotency.Outcome;
import dev.plinto.polar.billing.idempotency.RequestIdentity;
import dev.plinto.polar.caller.Caller;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;

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
    record Sent(String method, UriInfo uri, HttpHeaders headers, JsonNode body) {}

    /// The work of one attempt, in a thread that may block.
    interface Work {
        Answer of(Attempt attempt) throws InterruptedException;
    }

    /// @param caller who may do this for the organization: that is checked before
    /// @return fails with the problem for the response, also where Polar fails
    Uni<Outcome> once(Sent request, Caller caller, String organization, Work work) {
        RequestIdentity identity = RequestIdentity.of(caller, organization, request.method,
                request.uri.getPath(), request.headers.getRequestHeader(RequestIdentity.HEADER));
        return requests.once(identity, request.body, attempt -> Uni.createFrom()
                .item(() -> answer(attempt, work))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool()));
    }

    private static Answer answer(Attempt attempt, Work work) {
        PolarCall<Answer> call = () -> work.of(attempt);
        return call.orProblem();
    }
}
