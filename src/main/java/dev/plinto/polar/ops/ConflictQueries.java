package dev.plinto.polar.ops;

import dev.plinto.polar.polar.MaskedPayload;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.Timestamps;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// Reads the bodies that came under the webhook id of another body.
@ApplicationScoped
class ConflictQueries {

    private final RequestQueries database;

    ConflictQueries(RequestQueries database) {
        this.database = database;
    }

    /// Oldest first.
    Uni<List<FoundEvent.Conflict>> of(String webhookId) {
        return database.query("""
                SELECT type, received_at, stored_at, origin, octet_length(body), encode(body_sha256, 'hex'), body
                FROM conflicts WHERE webhook_id = $1 ORDER BY stored_at, received_at, body_sha256
                """, Tuple.of(webhookId), ConflictQueries::conflict);
    }

    private static FoundEvent.Conflict conflict(Row row) {
        return new FoundEvent.Conflict(row.getString(0), Timestamps.toText(row.getOffsetDateTime(1)),
                Timestamps.toText(row.getOffsetDateTime(2)), row.getString(3), row.getInteger(4), row.getString(5),
                MaskedPayload.of(row.getBuffer(6).getBytes()).orElse(null));
    }
}
