package dev.plinto.polar.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.Problem;
import dev.plinto.polar.Topics;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.StreamSupport;

/// Explains access by what was published, and when: the history that the projection keeps.
@ApplicationScoped
public class AccessHistory {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /// The newest changes of an account that are looked at; far more than an account has in the time that is kept.
    private static final int MOST = 500;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Pool pool;

    AccessHistory(Pool pool) {
        this.pool = pool;
    }

    /// As it had been decided up to then. Fails with the problem that the database is away.
    public Uni<Explanation> explain(String account, Instant at) {
        return pool.preparedQuery("""
                SELECT topic, key, version, decided_at, state::text FROM history
                WHERE account = $1 AND decided_at <= $2 ORDER BY decided_at DESC, version DESC LIMIT $3
                """).execute(Tuple.of(account, at.atOffset(ZoneOffset.UTC), MOST))
                .ifNoItem().after(PATIENCE).fail()
                .onFailure().invoke(failure -> Log.warnf(
                        "An explanation is answered 503, the database does not answer: %s", failure.toString()))
                .onFailure().transform(failure -> Problem.databaseUnavailable())
                .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(AccessHistory::decided).toList())
                .map(history -> ExplanationBuilder.of(account, at, history));
    }

    private static PublishedChange decided(Row row) {
        return new PublishedChange(
                row.getString(0).equals(Topics.ENTITLEMENT_CHANGED)
                        ? PublishedChange.Topic.ENTITLEMENTS
                        : PublishedChange.Topic.SUBSCRIPTION,
                row.getString(1), row.getLong(2), row.getOffsetDateTime(3).toInstant(), json(row.getString(4)));
    }

    private static JsonNode json(String state) {
        try {
            return JSON.readTree(state);
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException("a stored message is not JSON", corrupt);
        }
    }
}
