package dev.plinto.polar.audit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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
        ///
        /// @return the row's id
        long before(ActionRow row);

        /// Commits the row after the action, at once or later: what was done stays done if that fails.
        void after(ResultRow row);
    }

    private final Rows ownStatements;

    AuditLog(AuditRows rows) {
        ownStatements = new OwnStatements(rows);
    }

    /// Records the action, runs it, and records its result. Only for threads that may block. Throws 503
    /// `database-unavailable`, and does nothing, if it cannot be recorded.
    public <T, X extends Exception> T record(Entry entry, Work<T, X> work, Function<T, String> result) throws X {
        return record(entry, ownStatements, work, result);
    }

    /// The same of an action that changes several values, each of which is recorded.
    public <T, X extends Exception> T record(List<Entry> entries, Work<T, X> work, Function<T, String> result)
            throws X {
        return record(entries, ownStatements, work, result);
    }

    /// The same, with rows that are committed together with something else.
    public <T, X extends Exception> T record(Entry entry, Rows rows, Work<T, X> work, Function<T, String> result)
            throws X {
        return record(List.of(entry), rows, work, result);
    }

    private static <T, X extends Exception> T record(List<Entry> entries, Rows rows, Work<T, X> work,
            Function<T, String> result) throws X {
        List<Long> begun = new ArrayList<>();
        try {
            entries.forEach(entry -> begun.add(rows.before(new ActionRow(entry))));
            T done = work.get();
            after(begun, rows, result.apply(done));
            return done;
        } catch (WebApplicationException problem) {
            after(begun, rows, "not done: " + problem.getMessage());
            throw problem;
        } catch (RuntimeException fault) {
            after(begun, rows, "failed: internal error");
            throw fault;
        }
    }

    private static void after(List<Long> begun, Rows rows, String result) {
        begun.forEach(id -> rows.after(new ResultRow(id, result)));
    }
}
