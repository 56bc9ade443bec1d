package dev.plinto.polar.projection;

import dev.plinto.polar.polar.EventReader;
import dev.plinto.polar.polar.Snapshot;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The events in the inbox that a release before this one applied, and that were not read again yet.
///
/// @param transaction in which they are read, or in which they are applied and marked
record KeptEvents(OpenTransaction transaction) {

    private static final int MAX_BYTES = 4 * 1024 * 1024;

    /// Releases before the column stored snapshots without their own type. A delivery that claims in its body to be a
    /// snapshot is of an unknown type.
    private static final String OWN_TYPE = "coalesce(own_type, CASE WHEN type = '" + Snapshot.TYPE
            + "' AND outcome <> 'unknown_type' THEN type END)";

    /// The condition of the index in the migration of this number, word for word. A replica of the release before may
    /// have stored the event a moment ago, or marked it as read by that release.
    private static final String READ_BEFORE = "(inbox.statements IS NULL OR inbox.statements < "
            + EventReader.STATEMENTS + ")";

    /// One place in their order.
    record Place(Instant receivedAt, String webhookId) {

        static final Place START = new Place(Instant.parse("0001-01-01T00:00:00Z"), "");
    }

    /// Until the end of the transaction, no other replica reads them.
    ///
    /// @return false while another one does
    boolean takeTurn() {
        return transaction.send("SELECT pg_try_advisory_xact_lock(hashtext('read kept events again'))")
                .list(row -> row.getBoolean(0)).getFirst();
    }

    /// The next ones, without a lock on their rows: the projection locks those last.
    List<KeptEvent> after(Place place, int limit) {
        return transaction.send("""
                SELECT webhook_id, received_at, subject, origin, own_type, is_unknown, body
                FROM (SELECT webhook_id, received_at, subject, origin, own_type, is_unknown, body, number,
                             sum(coalesce(octet_length(body), 0)) OVER (ORDER BY number) AS bytes
                      FROM (SELECT kept.*, row_number() OVER (ORDER BY kept.received_at, kept.webhook_id) AS number,
                                   CASE WHEN kept.outcome <> 'discarded' AND NOT EXISTS (
                                            SELECT FROM parked WHERE parked.webhook_id = kept.webhook_id)
                                        THEN payloads.body END AS body
                            FROM (SELECT webhook_id, received_at, subject, origin, %s AS own_type, outcome,
                                         outcome = 'unknown_type' AS is_unknown, projected_at
                                  FROM inbox
                                  WHERE %s AND (received_at, webhook_id) > ($1, $2)
                                  ORDER BY received_at, webhook_id LIMIT $3) AS kept
                              LEFT JOIN payloads ON payloads.webhook_id = kept.webhook_id
                                                AND payloads.stored_at = kept.projected_at) AS numbered) AS measured
                WHERE number = 1 OR bytes <= $4 ORDER BY number
                """.formatted(OWN_TYPE, READ_BEFORE),
                Tuple.of(FieldColumn.offset(place.receivedAt), place.webhookId, limit,
                        MAX_BYTES))
                .list(KeptEvents::event);
    }

    /// Marks all of them as read by this release. Those that were applied again get what a replay would give them,
    /// except that a state which they changed once stays changed by them.
    void mark(List<KeptEvent> events, List<Projected> applied) {
        Map<String, Projected> byId = applied.stream()
                .collect(Collectors.toMap(projected -> projected.event().webhookId(), Function.identity()));
        List<Optional<Projected>> results = events.stream()
                .map(event -> Optional.ofNullable(byId.get(event.webhookId()))).toList();
        String[] ids = events.stream().map(KeptEvent::webhookId).toArray(String[]::new);
        // As the projection, in the order of their ids.
        transaction.send("SELECT FROM inbox WHERE webhook_id = ANY ($1) ORDER BY webhook_id FOR UPDATE",
                Tuple.tuple().addValue(ids));
        transaction.send("""
                UPDATE inbox
                SET statements = $1, type = coalesce(again.type, inbox.type),
                    moment = coalesce(again.moment, inbox.moment),
                    outcome = CASE WHEN inbox.outcome IN ('applied', 'discarded') OR again.outcome IS NULL
                        THEN inbox.outcome ELSE again.outcome END
                FROM unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[])
                       AS again (webhook_id, type, outcome, moment)
                WHERE inbox.webhook_id = again.webhook_id AND %s
                """.formatted(READ_BEFORE), Tuple.of(EventReader.STATEMENTS, ids,
                texts(results, projected -> projected.event().type()),
                texts(results, projected -> projected.outcome().stored()),
                FieldColumn.times(results.stream().map(result -> result.map(Projected::event)
                        .map(InboxStore::momentOf).orElse(null)))));
    }

    private static String[] texts(List<Optional<Projected>> results, Function<Projected, @Nullable String> text) {
        return results.stream().map(result -> result.map(text).orElse(null)).toArray(String[]::new);
    }

    private static KeptEvent event(Row row) {
        Buffer body = row.getBuffer(6);
        return new KeptEvent(row.getString(0),
                Objects.requireNonNull(row.getOffsetDateTime(1), "received_at").toInstant(),
                row.getString(2), row.getString(3), row.getString(4), row.getBoolean(5),
                body == null ? null : body.getBytes());
    }
}
