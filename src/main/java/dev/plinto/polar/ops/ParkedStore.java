package dev.plinto.polar.ops;

import dev.plinto.polar.polar.Snapshot;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.Timestamps;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/// Reads parked events. The projection adds and removes rows, [DiscardStore] removes some, and
/// `projection.ForgetOldEvents` empties bodies whose retention has ended.
@ApplicationScoped
public class ParkedStore {

    /// Releases before the column parked snapshots without it. A delivery that claims in its body to be a snapshot is
    /// of an unknown type, so that it can be parked as `failed` only.
    private static final String OWN_TYPE = "coalesce(own_type, CASE WHEN type = '" + Snapshot.TYPE
            + "' AND origin = 'reconcile' AND reason <> 'failed' THEN type END)";

    private static final String BODY = "CASE WHEN body_forgotten_at IS NULL THEN body END";

    private final RequestQueries database;

    ParkedStore(RequestQueries database) {
        this.database = database;
    }

    /// Oldest first; one more than `limit` if others follow.
    Uni<List<ParkedEvent>> list(ParkedSelection selection, Cursor after, int limit) {
        return database.query("""
                SELECT webhook_id, type, reason, detail, attempts, first_failed_at, last_failed_at, received_at, origin,
                       octet_length(body), body_forgotten_at
                FROM parked
                WHERE ($1::text IS NULL OR reason = $1) AND ($2::text IS NULL OR type = $2)
                  AND (received_at, webhook_id) > ($3, $4)
                ORDER BY received_at, webhook_id LIMIT $5
                """, parameters(selection, after, limit + 1), ParkedStore::event);
    }

    public Uni<Optional<ParkedEvent.WithPayload>> find(String webhookId) {
        return database.query("""
                SELECT webhook_id, type, reason, detail, attempts, first_failed_at, last_failed_at, received_at, origin,
                       octet_length(body), body_forgotten_at, body
                FROM parked WHERE webhook_id = $1
                """, Tuple.of(webhookId), row -> ParkedEvent.WithPayload.of(event(row), row.getBuffer(11).getBytes()))
                .map(found -> found.stream().findFirst());
    }

    Uni<List<ReplayableEvent>> one(String webhookId) {
        return database.query("SELECT received_at, webhook_id, " + BODY + ", " + OWN_TYPE
                + " FROM parked WHERE webhook_id = $1", Tuple.of(webhookId), ReplayableEvent::of);
    }

    /// Including events without a body.
    Uni<List<ReplayableEvent>> next(ParkedSelection selection, Cursor after, int limit) {
        return database.query("""
                SELECT received_at, webhook_id, %s, %s
                FROM parked
                WHERE ($1::text IS NULL OR reason = $1) AND ($2::text IS NULL OR type = $2)
                  AND (received_at, webhook_id) > ($3, $4)
                ORDER BY received_at, webhook_id LIMIT $5
                """.formatted(BODY, OWN_TYPE), parameters(selection, after, limit), ReplayableEvent::of);
    }

    private static Tuple parameters(ParkedSelection selection, Cursor after, int limit) {
        return Tuple.of(selection.reason(), selection.type(), Timestamps.ofInstant(after.receivedAt()),
                after.webhookId(), limit);
    }

    static ParkedEvent event(Row row) {
        return new ParkedEvent(row.getString(0), row.getString(1), row.getString(2), row.getString(3),
                row.getInteger(4), Timestamps.toText(row.getOffsetDateTime(5)),
                Timestamps.toText(row.getOffsetDateTime(6)), Timestamps.toText(row.getOffsetDateTime(7)),
                row.getString(8),
                row.getInteger(9), Timestamps.toText(row.getOffsetDateTime(10)));
    }
}
