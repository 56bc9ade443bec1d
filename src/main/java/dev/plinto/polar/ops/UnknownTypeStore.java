package dev.plinto.polar.ops;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.polar.EventType;
import dev.plinto.polar.polar.Snapshot;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.Timestamps;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// Reads events that are kept because their type was unknown when they arrived.
@ApplicationScoped
public class UnknownTypeStore {

    private final RequestQueries database;

    UnknownTypeStore(RequestQueries database) {
        this.database = database;
    }

    /// @param known       whether this version knows the type, so that a replay would apply its events
    /// @param payloadGone number of the events whose bodies are no longer kept, so that they cannot be replayed
    @JsonNaming(SnakeCaseStrategy.class)
    public record UnknownType(String type, boolean known, long count, long payloadGone, String oldest, String newest) {}

    public Uni<List<UnknownType>> list() {
        return database.query("""
                SELECT type, count(*), count(*) FILTER (WHERE payloads.webhook_id IS NULL), min(received_at),
                       max(received_at), count(own_type)
                FROM inbox LEFT JOIN payloads USING (webhook_id, received_at)
                WHERE outcome = 'unknown_type'
                GROUP BY type ORDER BY type
                """, Tuple.tuple(), UnknownTypeStore::type);
    }

    /// Including events without a body.
    Uni<List<ReplayableEvent>> next(String type, Cursor after, int limit) {
        return database.query("""
                SELECT received_at, webhook_id, body, own_type
                FROM inbox LEFT JOIN payloads USING (webhook_id, received_at)
                WHERE outcome = 'unknown_type' AND type = $1 AND (received_at, webhook_id) > ($2, $3)
                ORDER BY received_at, webhook_id LIMIT $4
                """, Tuple.of(type, Timestamps.ofInstant(after.receivedAt()), after.webhookId(), limit),
                ReplayableEvent::of);
    }

    private static UnknownType type(Row row) {
        String type = row.getString(0);
        boolean isOwn = row.getLong(5) > 0;
        return new UnknownType(type, isOwn ? Snapshot.knows(type) : EventType.of(type).isPresent(), row.getLong(1),
                row.getLong(2), Timestamps.toText(row.getOffsetDateTime(3)),
                Timestamps.toText(row.getOffsetDateTime(4)));
    }
}
