package dev.plinto.polar.billing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.IdParameter;
import dev.plinto.polar.billing.OnceForOrganization.Sent;
import dev.plinto.polar.billing.OnceForOrganization.Work;
import dev.plinto.polar.billing.SubscriptionQueries.Found;
import dev.plinto.polar.billing.idempotency.Answer;
import dev.plinto.polar.caller.CallCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import java.util.function.Function;

/// A call that changes one subscription: whose it is, whether the sender may do that, and once.
@ApplicationScoped
class SubscriptionCall {

    private static final String VERSION = "version";

    private final SubscriptionQueries subscriptions;
    private final OnceForOrganization requests;
    private final CallCheck check;
    private final ObjectMapper json;

    SubscriptionCall(SubscriptionQueries subscriptions, OnceForOrganization requests, CallCheck check,
            ObjectMapper json) {
        this.subscriptions = subscriptions;
        this.requests = requests;
        this.check = check;
        this.json = json;
    }

    /// @param uri with the id of the subscription in its path
    record Call(String method, UriInfo uri, HttpHeaders headers) {

        private String subscriptionId() {
            return uri.getPathParameters().getFirst("subscription_id");
        }

        /// Without the headers.
        @Override
        public String toString() {
            return "Call[" + method + "]";
        }
    }

    /// What the sender wants, once it is known that they may.
    record Wish(JsonNode body, Work work) {

        @Override
        public String toString() {
            return "Wish";
        }
    }

    /// @param read throws a problem if the body is not valid
    /// @return fails with the problem for the response
    Uni<Response> once(Call call, Function<KnownSubscription, Wish> read) {
        String id = call.subscriptionId();
        return known(id).flatMap(subscription -> {
            Wish wish = read.apply(subscription);
            return requests.once(new Sent(call.method, call.uri, call.headers, wish.body), subscription.caller(),
                    subscription.organization(), wish.work, answer -> changedSince(id, answer));
        }).map(outcome -> outcome.answer().responseBuilder().build());
    }

    private Uni<KnownSubscription> known(String id) {
        if (!IdParameter.isId(id)) {
            throw SubscriptionProblems.UNKNOWN.exception();
        }
        return subscriptions.find(id).map(found -> {
            Found subscription = found.orElseThrow(SubscriptionProblems.UNKNOWN::exception);
            return new KnownSubscription(id, subscription.organization(),
                    check.require(subscription.organization(), SubscriptionProblems.UNKNOWN),
                    subscription.told().orElseThrow(SubscriptionProblems.UNKNOWN::exception));
        });
    }

    /// The version that the subscription has now, if an answer tells another one, or that its state did not allow the
    /// change. An answer that the projection had not had tells an older one in any case.
    private Uni<Optional<String>> changedSince(String id, Answer answer) {
        boolean isConflict = answer.status() == Status.CONFLICT.getStatusCode();
        JsonNode told = json(answer);
        return isConflict || answer.status() == Status.OK.getStatusCode() && told.path("projected").asBoolean()
                ? subscriptions.find(id).map(found -> found.flatMap(Found::told)
                        .map(now -> now.path(VERSION).asText())
                        .filter(version -> isConflict || !version.equals(told.path(VERSION).asText())))
                : Uni.createFrom().item(Optional.empty());
    }

    private JsonNode json(Answer answer) {
        try {
            return json.readTree(answer.body());
        } catch (JsonProcessingException impossible) { // we wrote it
            throw new IllegalStateException(impossible);
        }
    }
}
