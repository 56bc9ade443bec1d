package dev.plinto.polar.ops;

import dev.plinto.polar.polar.EventReader;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.Timestamps;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Moves parked events to the inbox as discarded, each call in one transaction.
@ApplicationScoped
class DiscardStore {

    /// What one transaction moves in a small part of the time that it has.
    private static final int SLICE_EVENTS = 500;
    private static final int SLICE_BYTES = 4 * 1024 * 1024;

    /// The body goes where those of other events of the inbox are, stored at the moment at which its event was handled.
    /// As in the projection, `parked` before `inbox`: whoever comes second waits for the row, and finds it gone.
    private static final String MOVED = """
              RETURNING parked.webhook_id, type, parked.received_at, origin, subject, own_type, body, body_forgotten_at
            ), kept AS (
              INSERT INTO payloads (stored_at, webhook_id, received_at, body)
              SELECT now(), webhook_id, received_at, body FROM discarded WHERE body_forgotten_at IS NULL
              ON CONFLICT DO NOTHING
            ), decided AS (
              INSERT INTO inbox (projected_at, webhook_id, type, outcome, received_at, origin, subject, own_type,
                                 statements)
              SELECT now(), webhook_id, type, 'discarded', received_at, origin, subject, own_type, %d FROM discarded
              ON CONFLICT (webhook_id) DO UPDATE SET outcome = 'discarded', projected_at = excluded.projected_at,
                statements = excluded.statements
              WHERE inbox.outcome = 'unknown_type'
            )""".formatted(EventReader.STATEMENTS);

    private final RequestQueries database;

    DiscardStore(RequestQueries database) {
        this.database = database;
    }

    /// Part of a selection.
    ///
    /// @param discarded how many events, without those that were applied or discarded meanwhile
    /// @param last      after which the next slice begins
    record Slice(int discarded, Cursor last) {}

    /// @return how many events: 1, or 0 if it is not parked
    Uni<Integer> one(String webhookId) {
        return database.change("""
                WITH discarded AS (
                  DELETE FROM parked WHERE webhook_id = $1
                %s
                SELECT count(*) FROM discarded
                """.formatted(MOVED), Tuple.of(webhookId), row -> row.getLong(0).intValue()).map(List::getFirst);
    }

    /// The moment to give to a discard that begins now.
    Uni<Instant> now() {
        return database.query("SELECT clock_timestamp()", Tuple.tuple(), row -> row.getOffsetDateTime(0).toInstant())
                .map(List::getFirst);
    }

    /// The next events of the selection in the order of receipt, as far as they were parked by a moment.
    ///
    /// @return empty at the end
    Uni<Optional<Slice>> next(ParkedSelection selection, Instant parkedBy, Cursor after) {
        return database.change("""
                WITH slice AS MATERIALIZED (
                  SELECT received_at, webhook_id FROM (
                    SELECT received_at, webhook_id, sum(bytes) OVER (ORDER BY received_at, webhook_id) - bytes AS before
                    FROM (SELECT received_at, webhook_id, octet_length(body) AS bytes FROM parked
                          WHERE ($1::text IS NULL OR reason = $1) AND ($2::text IS NULL OR type = $2)
                            AND first_failed_at <= $3 AND (received_at, webhook_id) > ($4, $5)
                          ORDER BY received_at, webhook_id LIMIT $6) AS sized
                  ) AS added WHERE before < $7
                ), discarded AS (
                  DELETE FROM parked USING slice WHERE parked.webhook_id = slice.webhook_id
                    AND ($1::text IS NULL OR reason = $1) AND ($2::text IS NULL OR type = $2)
                %s
                SELECT (SELECT count(*) FROM discarded), received_at, webhook_id
                FROM slice ORDER BY received_at DESC, webhook_id DESC LIMIT 1
                """.formatted(MOVED), Tuple.tuple()
                .addValue(selection.reason())
                .addValue(selection.type())
                .addValue(Timestamps.ofInstant(parkedBy))
                .addValue(Timestamps.ofInstant(after.receivedAt()))
                .addValue(after.webhookId())
                .addValue(SLICE_EVENTS)
                .addValue(SLICE_BYTES), DiscardStore::slice)
                .map(found -> found.stream().findFirst());
    }

    private static Slice slice(Row row) {
        return new Slice(row.getLong(0).intValue(),
                new Cursor(row.getOffsetDateTime(1).toInstant(), row.getString(2)));
    }
}
