package dev.plinto.polar.ops;

import dev.plinto.polar.postgres.RequestQueries;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;

/// Moves parked events to the inbox as discarded, all of a selection or none.
@ApplicationScoped
class DiscardStore {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final RequestQueries database;

    DiscardStore(RequestQueries database) {
        this.database = database;
    }

    /// @return how many events: 1, or 0 if it is not parked
    Uni<Integer> one(String webhookId) {
        return discard("webhook_id = $1", Tuple.of(webhookId));
    }

    /// @return how many events
    Uni<Integer> all(ParkedSelection selection) {
        return discard("($1::text IS NULL OR reason = $1) AND ($2::text IS NULL OR type = $2)",
                Tuple.of(selection.reason(), selection.type()));
    }

    /// The body goes where those of other events of the inbox are, stored at the moment at which its event was handled.
    /// As in the projection, `parked` before `inbox`: whoever comes second waits for the row, and finds it gone.
    private Uni<Integer> discard(String which, Tuple parameters) {
        return database.query("""
                WITH discarded AS (
                  DELETE FROM parked WHERE %s
                  RETURNING webhook_id, type, received_at, origin, subject, own_type, body, body_forgotten_at
                ), kept AS (
                  INSERT INTO payloads (stored_at, webhook_id, received_at, body)
                  SELECT now(), webhook_id, received_at, body FROM discarded WHERE body_forgotten_at IS NULL
                  ON CONFLICT DO NOTHING
                ), decided AS (
                  INSERT INTO inbox (projected_at, webhook_id, type, outcome, received_at, origin, subject, own_type)
                  SELECT now(), webhook_id, type, 'discarded', received_at, origin, subject, own_type FROM discarded
                  ON CONFLICT (webhook_id) DO UPDATE SET outcome = 'discarded', projected_at = excluded.projected_at
                  WHERE inbox.outcome = 'unknown_type'
                )
                SELECT count(*) FROM discarded
                """.formatted(which), parameters, LIMIT,
                row -> row.getLong(0).intValue()).map(List::getFirst);
    }
}
