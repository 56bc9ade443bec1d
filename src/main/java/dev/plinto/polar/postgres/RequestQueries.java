package dev.plinto.polar.postgres;

import dev.plinto.polar.Problem;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import java.lang.StackWalker.Option;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/// Queries on behalf of an HTTP request. If the database does not answer in time, or cannot, the request fails with the
/// problem `database-unavailable` (503). A query that fails by a fault of this service is an internal error (500).
@ApplicationScoped
public class RequestQueries {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    /// After which PostgreSQL itself ends a change, before [#CHANGED] passes.
    private static final Duration CHANGE = Duration.ofSeconds(5);
    /// After which a change without an answer is not committed any more.
    private static final Duration CHANGED = CHANGE.plusSeconds(1);
    /// With the time for a connection (4 s) and for the commit, so that no change is committed after the request failed
    /// unless PostgreSQL leaves the commit itself unanswered.
    private static final Duration COMMITTED = CHANGED.plusSeconds(7);

    private static final StackWalker PLACES = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);

    private final Pool pool;

    RequestQueries(Pool pool) {
        this.pool = pool;
    }

    /// All rows, each mapped by `read`; waits at most 5 s.
    public <T> Uni<List<T>> query(String sql, Tuple parameters, Function<Row, T> read) {
        return query(sql, parameters, LIMIT, read);
    }

    public <T> Uni<List<T>> query(String sql, Tuple parameters, Duration limit, Function<Row, T> read) {
        String place = place();
        return Statements.execute(pool, sql, parameters)
                .ifNoItem().after(limit).fail()
                .map(rows -> list(rows, read))
                .onFailure().transform(failure -> problem(failure, place));
    }

    /// For a statement that changes something and takes at most 5 s: if it takes longer, nothing is changed, also not
    /// after the request has failed.
    ///
    /// A single statement would not do: PostgreSQL completes it, and commits, also if nobody waits for it any more, and
    /// even if the connection is closed.
    public <T> Uni<List<T>> change(String sql, Tuple parameters, Function<Row, T> read) {
        String place = place();
        return pool.withTransaction(connection -> connection
                .query("SET LOCAL statement_timeout = " + CHANGE.toMillis()).execute()
                .chain(() -> connection.preparedQuery(sql).execute(parameters))
                .map(rows -> list(rows, read))
                .ifNoItem().after(CHANGED).fail())
                .ifNoItem().after(COMMITTED).fail()
                .onFailure().transform(failure -> problem(failure, place));
    }

    private static <T> List<T> list(RowSet<Row> rows, Function<Row, T> read) {
        return StreamSupport.stream(rows.spliterator(), false).map(read).toList();
    }

    /// Where the query is in the code.
    private static String place() {
        return PLACES.walk(frames -> frames
                .filter(frame -> !RequestQueries.class.isAssignableFrom(frame.getDeclaringClass())) // nor a proxy of it
                .findFirst().map(Object::toString).orElse("?"));
    }

    private static RuntimeException problem(Throwable failure, String place) {
        if (DatabaseAway.isCauseOf(failure)) {
            Log.warnf("Answered a request with 503, because its query failed: %s", DatabaseAway.describe(failure));
            return Problem.databaseUnavailable();
        }
        return failure instanceof WebApplicationException problem ? problem : new FaultyQuery(place, failure);
    }
}
