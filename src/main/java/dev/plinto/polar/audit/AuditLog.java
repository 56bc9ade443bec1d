package dev.plinto.polar.audit;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Problem;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.Timestamps;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Records which operator did what, with which result. An action runs only after it was recorded.
@ApplicationScoped
public class AuditLog {

    private final RequestQueries database;

    AuditLog(RequestQueries database) {
        this.database = database;
    }

    public enum Action {
        REPUBLISH, REPUBLISH_NEW_VERSION, REPLAY_PARKED, DISCARD_PARKED, REPLAY_UNKNOWN_TYPE, RECONCILE,
        RECONCILE_DRY_RUN, ASK_POLAR_FOR_ATTEMPTS;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param actor  the claim `sub` of the token
    /// @param way    `api` or `console`
    /// @param target what the action was applied to; null if to everything
    /// @param reason why, as the operator said; null for an action that asks for no reason
    /// @param result null while the action runs, or if it could not be recorded
    @JsonNaming(SnakeCaseStrategy.class)
    record Entry(long id, String at, String actor, String way, String action, @Nullable String target,
            @Nullable String reason, @Nullable String result) {}

    /// @param next the cursor of the next page; null on the last page
    public record Page(List<Entry> items, @Nullable String next) {}

    /// The recorded action. Returns its result, or throws the problem for the response.
    public interface Work<T> {
        T get() throws InterruptedException;
    }

    /// Records the action, runs it, and records its result. Only for threads that may block.
    public <T> T record(Actor actor, Action action, @Nullable String target, Work<T> work, Function<T, String> result)
            throws InterruptedException {
        return record(actor, action, target, null, work, result);
    }

    /// The same, of an action for which the operator gives a reason.
    public <T> T record(Actor actor, Action action, @Nullable String target, @Nullable String reason, Work<T> work,
            Function<T, String> result) throws InterruptedException {
        long id = database.query("""
                INSERT INTO audit (actor, way, action, target, reason) VALUES ($1, $2, $3, $4, $5) RETURNING id
                """, Tuple.of(actor.subject(), actor.way().wireName(), action.wireName(), target, reason),
                row -> row.getLong(0)).await().indefinitely().getFirst();
        try {
            T done = work.get();
            end(id, result.apply(done));
            return done;
        } catch (WebApplicationException problem) {
            end(id, "not done: " + problem.getMessage());
            throw problem;
        } catch (RuntimeException fault) {
            end(id, "failed: internal error");
            throw fault;
        }
    }

    /// Newest first. Throws 400 `parameter-invalid` if `after` is not a cursor.
    ///
    /// @param after the cursor from the previous page; null or empty for the first page
    public Uni<Page> list(@Nullable String after, int limit) {
        long before = before(after);
        return database.query("""
                SELECT id, at, actor, way, action, target, reason, result
                FROM audit WHERE id < $1 ORDER BY id DESC LIMIT $2
                """, Tuple.of(before, limit + 1), AuditLog::entry).map(found -> found.size() <= limit
                ? new Page(found, null)
                : new Page(found.subList(0, limit), Long.toString(found.get(limit - 1).id)));
    }

    private static long before(@Nullable String cursor) {
        try {
            return cursor == null || cursor.isEmpty() ? Long.MAX_VALUE : Long.parseLong(cursor);
        } catch (NumberFormatException notACursor) {
            throw Problem.cursorInvalid();
        }
    }

    private void end(long id, String result) {
        try {
            database.query("UPDATE audit SET result = $2 WHERE id = $1", Tuple.of(id, result), row -> row)
                    .await().indefinitely();
        } catch (WebApplicationException databaseAway) {
            Log.warnf("Could not record the result of entry %d of the audit log: %s", id, result);
        }
    }

    private static Entry entry(Row row) {
        return new Entry(row.getLong(0), Timestamps.toText(row.getOffsetDateTime(1)), row.getString(2),
                row.getString(3), row.getString(4),
                row.getString(5), row.getString(6), row.getString(7));
    }
}
