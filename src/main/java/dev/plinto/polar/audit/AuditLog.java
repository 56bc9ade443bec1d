package dev.plinto.polar.audit;

import dev.plinto.polar.audit.PersonalValue.Field;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Records who did what, to what, with which result. An action runs only after it was recorded.
@ApplicationScoped
public class AuditLog {

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

    /// Who commits the rows of an action.
    public interface Rows {

        /// Commits the row before the action. Throws the problem for the response if it cannot: then the action does
        /// not run.
        void before(Supplier<Uni<Void>> row);

        /// Commits the row after the action, at once or later: what was done stays done if that fails.
        ///
        /// @param result in words, for whoever must log that it was not recorded
        void after(Supplier<Uni<Void>> row, String result);
    }

    /// Records the action, runs it, and records its result. Only for threads that may block. Throws 503
    /// `database-unavailable`, and does nothing, if it cannot be recorded.
    public <T, X extends Exception> T record(Entry entry, Work<T, X> work, Function<T, String> result) throws X {
        return record(entry, OwnTransactions.INSTANCE, work, result);
    }

    /// The same, with the rows in transactions that have more to commit.
    public <T, X extends Exception> T record(Entry entry, Rows rows, Work<T, X> work, Function<T, String> result)
            throws X {
        AtomicLong begun = new AtomicLong();
        rows.before(() -> begin(entry).invoke(begun::set).replaceWithVoid());
        try {
            T done = work.get();
            end(rows, begun.get(), result.apply(done));
            return done;
        } catch (WebApplicationException problem) {
            end(rows, begun.get(), "not done: " + problem.getMessage());
            throw problem;
        } catch (RuntimeException fault) {
            end(rows, begun.get(), "failed: internal error");
            throw fault;
        }
    }

    private void end(Rows rows, long begun, String result) {
        rows.after(() -> result(begun, result), result);
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

}
