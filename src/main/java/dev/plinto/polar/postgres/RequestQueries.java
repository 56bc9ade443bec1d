package dev.plinto.polar.postgres;

import dev.plinto.polar.Problem;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/// Queries on behalf of an HTTP request. If one fails, or is not answered in time, the request fails with the problem
/// `database-unavailable` (503).
@ApplicationScoped
public class RequestQueries {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Pool pool;

    RequestQueries(Pool pool) {
        this.pool = pool;
    }

    /// All rows, each mapped by `read`; waits at most 5 s.
    public <T> Uni<List<T>> query(String sql, Tuple parameters, Function<Row, T> read) {
        return query(sql, parameters, LIMIT, read);
    }

    public <T> Uni<List<T>> query(String sql, Tuple parameters, Duration limit, Function<Row, T> read) {
        return Statements.execute(pool, sql, parameters)
                .ifNoItem().after(limit).fail()
                .onFailure().invoke(failure -> Log.warnf(
                        "Answered a request with 503, because its query failed: %s", failure.toString()))
                .onFailure().transform(failure -> Problem.databaseUnavailable())
                .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(read).toList());
    }
}
