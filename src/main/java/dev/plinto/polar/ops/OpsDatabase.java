package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import dev.plinto.polar.Rfc3339;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/// What operators ask of the database.
@ApplicationScoped
class OpsDatabase {

    /// Operators have more of it than applications, and count what is a lot.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Pool pool;

    OpsDatabase(Pool pool) {
        this.pool = pool;
    }

    /// Fails with the problem that the database is away.
    <T> Uni<List<T>> query(String sql, Tuple parameters, Function<Row, T> read) {
        return pool.preparedQuery(sql).execute(parameters)
                .ifNoItem().after(PATIENCE).fail()
                .onFailure().invoke(failure -> Log.warnf(
                        "An operator's call is answered 503, the database does not answer: %s", failure.toString()))
                .onFailure().transform(failure -> Problem.databaseUnavailable())
                .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(read).toList());
    }

    static OffsetDateTime time(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    static String written(Row row, int column) {
        return Rfc3339.format(row.getOffsetDateTime(column).toInstant());
    }

    /// Of a row of received_at, webhook_id, body, and whether it is a snapshot of ours.
    static StoredEvent event(Row row) {
        return new StoredEvent(new Place(row.getOffsetDateTime(0).toInstant(), row.getString(1)),
                Optional.ofNullable(row.getBuffer(2)).map(Buffer::getBytes), row.getBoolean(3));
    }
}
