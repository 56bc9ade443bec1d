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

/// Who did what. Nothing is done that could not be written down before.
@ApplicationScoped
public class AuditLog {

    private final RequestQueries database;

    AuditLog(RequestQueries database) {
        this.database = database;
    }

    public enum Action {
        REPUBLISH, REPLAY_PARKED, REPLAY_UNKNOWN_TYPE, RECONCILE, RECONCILE_DRY_RUN, ASK_POLAR_FOR_ATTEMPTS;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param actor  the claim `sub` of the token
    /// @param way    `api` or `console`
    /// @param target what it was done to; null where that is everything
    /// @param result null while it is under way, or where nobody could say any more
    @JsonNaming(SnakeCaseStrategy.class)
    record Entry(long id, String at, String actor, String way, String action, String target, String result) {}

    /// @param next where to read on; null where nothing follows
    public record Page(List<Entry> items, String next) {}

    /// What is recorded. It returns its result, or throws the problem to answer.
    public interface Work<T> {
        T get() throws InterruptedException;
    }

    /// On a thread that may wait. The result is written down after it.
    public <T> T record(Actor actor, Action action, String target, Work<T> work, Function<T, String> result)
            throws InterruptedException {
        long id = database.query("""
                INSERT INTO audit (actor, way, action, target) VALUES ($1, $2, $3, $4) RETURNING id
                """, Tuple.of(actor.subject(), actor.way().wireName(), action.wireName(), target),
                row -> row.getLong(0)).await().indefinitely().getFirst();
        try {
            T done = work.get();
            end(id, result.apply(done));
            return done;
        } catch (WebApplicationException problem) {
            end(id, "not done: " + problem.getMessage());
            throw problem;
        }
    }

    /// Newest first. Throws 400 `parameter-invalid` if `after` is not a cursor.
    ///
    /// @param after the cursor of the page before; null or empty for the first page
    public Uni<Page> list(String after, int limit) {
        long before = before(after);
        return database.query("""
                SELECT id, at, actor, way, action, target, result FROM audit WHERE id < $1 ORDER BY id DESC LIMIT $2
                """, Tuple.of(before, limit + 1), AuditLog::entry).map(found -> found.size() <= limit
                ? new Page(found, null)
                : new Page(found.subList(0, limit), Long.toString(found.get(limit - 1).id)));
    }

    private static long before(String cursor) {
        try {
            return cursor == null || cursor.isEmpty() ? Long.MAX_VALUE : Long.parseLong(cursor);
        } catch (NumberFormatException noNumber) {
            throw Problem.cursorInvalid();
        }
    }

    private void end(long id, String result) {
        try {
            database.query("UPDATE audit SET result = $2 WHERE id = $1", Tuple.of(id, result), row -> row)
                    .await().indefinitely();
        } catch (WebApplicationException databaseAway) {
            Log.warnf("The audit log's entry %d lacks its result: %s", id, result);
        }
    }

    private static Entry entry(Row row) {
        return new Entry(row.getLong(0), Timestamps.toText(row.getOffsetDateTime(1)), row.getString(2),
                row.getString(3), row.getString(4),
                row.getString(5), row.getString(6));
    }
}
