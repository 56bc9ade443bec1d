package dev.plinto.polar.billing.idempotency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.Problem;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/// Does a request once, however often it is sent, on whichever replica, with whatever crash in between.
///
/// A request is recorded before it is done, and its answer is recorded before it is given. So an answer that was given
/// once is the only one that is ever given. An attempt that ends without an answer, such as by a crash, is followed by
/// the next sending of the request, which knows what was begun.
@ApplicationScoped
public class IdempotentRequests {

    /// How long an attempt may go on after its last [Attempt#begin], or from its start, without another taking over.
    public static final Duration LEASE = Duration.ofMinutes(1);

    /// How long a key is known, from the first sending on.
    public static final Duration KEY = Duration.ofDays(2);

    /// Within which an equal request without a key is the same: a double click.
    static final Duration DOUBLE_CLICK = Duration.ofSeconds(1);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    /// The time in which who was told to come back does so.
    static final Duration RETURN = RETRY_AFTER.plusSeconds(4);

    private final IdempotentRequestStore store;
    private final ObjectMapper json;
    private final Duration doubleClick;

    @Inject
    IdempotentRequests(IdempotentRequestStore store, ObjectMapper json) {
        this(store, json, DOUBLE_CLICK);
    }

    IdempotentRequests(IdempotentRequestStore store, ObjectMapper json, Duration doubleClick) {
        this.store = store;
        this.json = json;
        this.doubleClick = doubleClick;
    }

    /// Runs the action, unless the request is a repetition. On a context of Vert.x, outside of any transaction: none is
    /// open while the action runs.
    ///
    /// An answer is kept, also a problem that the action fails with, unless it asks to try again (5xx, 429, or any with
    /// `Retry-After`): then the next sending of the request is the next attempt. So is a failure of another kind.
    ///
    /// The sender must be authorized before, also for a repetition: what was answered is given without asking again.
    ///
    /// @param body as parsed; a missing node if there is none
    /// @return fails with 422 `idempotency-key-reused` if the key came with another body, 409 `request-in-progress`
    ///         while another attempt is acting, 503 `database-unavailable` if nothing can be recorded
    public Uni<Outcome> once(RequestIdentity request, JsonNode body, Function<Attempt, Uni<Answer>> action) {
        byte[] bodySha256 = Sha256.of(body);
        Context context = Objects.requireNonNull(Vertx.currentContext(), "not on a context of Vert.x");
        return store.claim(request.id(bodySha256), request, bodySha256, LEASE,
                request.key().isPresent() ? KEY : doubleClick)
                .flatMap(claim -> switch (claim) {
                    case Claim.First(String id, int attempt) -> act(recorder(id, attempt), Attempt.First::new, action,
                            context);
                    case Claim.Resumed(String id, int attempt, String progress) -> act(recorder(id, attempt),
                            recorder -> new Attempt.Resumed(recorder, progress), action, context);
                    case Claim.Answered(Answer answer) -> Uni.createFrom().item(new Outcome(answer, true));
                    case Claim.UnderWay() -> Uni.createFrom().failure(inProgress());
                    case Claim.OtherBody() -> Uni.createFrom().failure(keyReused());
                });
    }

    private AttemptRecorder recorder(String id, int attempt) {
        return new AttemptRecorder(store, id, attempt, LEASE);
    }

    private Uni<Outcome> act(AttemptRecorder recorder, Function<Attempt.Recorder, Attempt> attempt,
            Function<Attempt, Uni<Answer>> action, Context context) {
        return Uni.createFrom().deferred(() -> action.apply(attempt.apply(recorder)))
                .onFailure(IdempotentRequests::isKept)
                .recoverWithItem(problem -> answer((WebApplicationException) problem))
                .emitOn(command -> run(command, context)) // whose response follows
                .flatMap(answer -> answer.isKept() ? recorder.keep(answer) : recorder.release().replaceWith(answer))
                .onFailure().call(recorder::release)
                .map(answer -> new Outcome(answer, false))
                .memoize().indefinitely(); // so that a sender who leaves does not cancel what must be recorded
    }

    private static void run(Runnable command, Context context) {
        try {
            context.runOnContext(ignored -> command.run());
        } catch (RejectedExecutionException stopped) {
            Log.debug("A request outlived the stop of this replica, and its sender has no connection any more");
        }
    }

    private static boolean isKept(Throwable failure) {
        return failure instanceof WebApplicationException problem
                && problem.getResponse().getEntity() instanceof Problem.Document
                && new Answer(problem.getResponse().getStatus(), "").isKept()
                && problem.getResponse().getHeaderString(HttpHeaders.RETRY_AFTER) == null;
    }

    private Answer answer(WebApplicationException problem) {
        Response response = problem.getResponse();
        try {
            return new Answer(response.getStatus(), json.writeValueAsString(response.getEntity()));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a problem document can be written", impossible);
        }
    }

    private static WebApplicationException keyReused() {
        return new Problem("idempotency-key-reused", 422,
                "The Idempotency-Key was used for a request with another body",
                "Nothing was done. Send a request that is another one with another key, and a repetition as it was.")
                .exception();
    }

    static WebApplicationException inProgress() {
        Problem problem = new Problem("request-in-progress", 409, "The same request is being worked on",
                "Send it again after the time in Retry-After, with the same Idempotency-Key: you get its answer.");
        return new WebApplicationException("the same request is being worked on", problem.responseBuilder()
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER.toSeconds()).build());
    }
}
