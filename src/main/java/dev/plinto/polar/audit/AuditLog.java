package dev.plinto.polar.audit;

import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.PersonalValue.Field;
import dev.plinto.polar.postgres.DatabaseAway;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.logging.Log;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Records who did what, to what, with which result. An action runs only after it was recorded.
@ApplicationScoped
public class AuditLog {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    /// What is recorded before an action.
    ///
    /// @param organization whose business it is; null if it is no single one's
    /// @param target       what it is done to; null if to everything
    /// @param from         the value that it changes; null if it changes no single one
    /// @param to           that value after it
    /// @param reason       why, as the actor says; null for an action that asks for no reason
    public record Entry(Actor actor, Action action, @Nullable String organization, @Nullable String target,
            @Nullable String from, @Nullable String to, @Nullable String reason) {

        /// An operator's action on the service, whose target may concern many organizations.
        public static Entry of(Actor actor, Action action, @Nullable String target, @Nullable String reason) {
            return new Entry(actor, action, null, target, null, null, reason);
        }

        /// The same, on the business of one organization: it is in its trail.
        public Entry ofOrganization(Optional<String> organization) {
            return new Entry(actor, action, organization.orElse(null), target, from, to, reason);
        }
    }

    /// The recorded action. Returns its result, or throws the problem for the response.
    public interface Work<T, X extends Exception> {
        T get() throws X;
    }

    /// Records the action, runs it, and records its result. Only for threads that may block. Throws 503
    /// `database-unavailable`, and does nothing, if it cannot be recorded.
    public <T, X extends Exception> T record(Entry entry, Work<T, X> work, Function<T, String> result) throws X {
        long begun = await(() -> begin(entry));
        try {
            T done = work.get();
            end(begun, result.apply(done));
            return done;
        } catch (WebApplicationException problem) {
            end(begun, "not done: " + problem.getMessage());
            throw problem;
        } catch (RuntimeException fault) {
            end(begun, "failed: internal error");
            throw fault;
        }
    }

    /// Adds the row before an action to the transaction of this context, or commits it in one of its own.
    ///
    /// @return the row's id, for [#result]
    Uni<Long> begin(Entry entry) {
        AuditRow row = new AuditRow();
        row.actorKind = entry.actor.kind().wireName();
        row.way = entry.actor.way().wireName();
        row.requestId = entry.actor.requestId();
        row.organization = entry.organization;
        row.action = entry.action.wireName();
        row.target = entry.target;
        row.changedFrom = entry.from;
        row.changedTo = entry.to;
        List<PersonalValue> personal = new ArrayList<>();
        switch (entry.actor.kind()) {
            case PERSON -> {
                PersonalValue actor = PersonalValue.of(Field.ACTOR, entry.actor.subject(), entry.organization);
                row.actorSha256 = actor.sha256();
                personal.add(actor);
            }
            case SERVICE, OPERATOR, SYSTEM -> row.actor = entry.actor.subject();
        }
        if (entry.reason != null) {
            PersonalValue reason = PersonalValue.of(Field.REASON, entry.reason, entry.organization);
            row.reasonSha256 = reason.sha256();
            personal.add(reason);
        }
        return Panache.withTransaction(() -> row.<AuditRow>persist().flatMap(stored -> {
            long id = stored.idOrThrow();
            personal.forEach(value -> value.id = id);
            return personal.isEmpty()
                    ? Uni.createFrom().item(id)
                    : PersonalValue.persist(personal).replaceWith(id);
        }));
    }

    /// Adds the row after an action.
    Uni<Void> result(long begun, String result) {
        return Panache.withTransaction(() -> AuditRow.result(begun, result).persist()).replaceWithVoid();
    }

    private void end(long begun, String result) {
        try {
            await(() -> result(begun, result));
        } catch (RuntimeException failure) { // what was done stays done, and its answer must say so
            Log.warnf("Could not record the result of action %d in the audit log: %s. The result is: %s", begun,
                    DatabaseAway.describe(failure), result);
        }
    }

    /// On a context of its own, since two transactions in one disturb each other.
    private static <T> T await(Supplier<Uni<T>> transaction) {
        try {
            return VertxContextSupport.subscribeAndAwait(() -> transaction.get().ifNoItem().after(LIMIT).fail());
        } catch (Throwable failure) {
            if (DatabaseAway.isCauseOf(failure)) {
                Log.warnf("Answered a request with 503, because it could not be recorded in the audit log: %s",
                        DatabaseAway.describe(failure));
                throw Problem.databaseUnavailable();
            }
            switch (failure) {
                case RuntimeException unexpected -> throw unexpected;
                case Error unexpected -> throw unexpected;
                default -> throw new IllegalStateException("could not write to the audit log", failure);
            }
        }
    }
}
