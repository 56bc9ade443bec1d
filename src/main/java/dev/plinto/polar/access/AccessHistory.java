package dev.plinto.polar.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.Topics;
import dev.plinto.polar.postgres.RequestQueries;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;

/// Explains an account's access from the history: the published changes that the projection keeps.
@ApplicationScoped
public class AccessHistory {

    /// How many changes of an account are read, newest first; far more than an account has within the retention.
    private static final int MAX_CHANGES = 500;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RequestQueries queries;

    AccessHistory(RequestQueries queries) {
        this.queries = queries;
    }

    /// The access as of a moment. Fails with the problem `database-unavailable` (503) if the database does not answer.
    public Uni<Explanation> explain(String account, Instant at) {
        return queries.query("""
                SELECT topic, key, version, decided_at, state::text FROM history
                WHERE account = $1 AND decided_at <= $2 ORDER BY decided_at DESC, version DESC LIMIT $3
                """, Tuple.of(account, at.atOffset(ZoneOffset.UTC), MAX_CHANGES), AccessHistory::change)
                .map(history -> ExplanationBuilder.of(account, at, history));
    }

    private static PublishedChange change(Row row) {
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
