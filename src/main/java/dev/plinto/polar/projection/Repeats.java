package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.projection.OpenTransaction.Answer;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tells the events of a batch that are still to be applied from repeats: those whose webhook id was stored before, or
/// is that of an event before them in the batch.
///
/// The body that is stored first under an id counts, also while it is parked: a repeat with another one is a conflict.
/// No repeats are an event whose type was unknown when it was stored and is known now, and a parked event.
final class Repeats {

    private final Map<String, Stored> inbox = new HashMap<>();
    private final Set<String> parked = new HashSet<>();
    private final List<ReceivedEvent> fresh = new ArrayList<>();
    private final IdentityHashMap<ReceivedEvent, EventOutcome> outcomes = new IdentityHashMap<>();

    private record Stored(OffsetDateTime at, boolean isOfUnknownType) {

        /// Whether the event need not be applied any more.
        boolean isDone(ReceivedEvent event) {
            return !isOfUnknownType || event.reading() instanceof Reading.UnknownType;
        }
    }

    /// The statement is sent; [#of] reads its answer.
    static Answer select(OpenTransaction transaction, List<ReceivedEvent> events) {
        return transaction.send("""
                SELECT inbox.webhook_id, inbox.projected_at, inbox.outcome = 'unknown_type'
                FROM unnest($1::text[]) AS event (webhook_id) JOIN inbox ON inbox.webhook_id = event.webhook_id
                UNION ALL
                SELECT parked.webhook_id, NULL, NULL
                FROM unnest($1::text[]) AS event (webhook_id) JOIN parked ON parked.webhook_id = event.webhook_id
                """, Tuple.tuple().addValue(events.stream().map(ReceivedEvent::webhookId).distinct()
                .toArray(String[]::new)));
    }

    /// Asks for stored bodies only if there are repeats of them.
    static Repeats of(OpenTransaction transaction, List<ReceivedEvent> events, Answer selected) {
        Repeats repeats = new Repeats();
        selected.list(repeats::add);
        IdentityHashMap<ReceivedEvent, byte[]> otherBodies = repeats.otherBodies(transaction, events);
        Map<String, ReceivedEvent> first = new HashMap<>();
        events.forEach(event -> repeats.add(event, otherBodies.get(event), first));
        return repeats;
    }

    /// In the order of the batch, one for each id.
    List<ReceivedEvent> fresh() {
        return fresh;
    }

    /// Null if the event is to be applied.
    @Nullable
    EventOutcome outcome(ReceivedEvent event) {
        return outcomes.get(event);
    }

    /// Ids that are parked, with the same body as the events to be applied.
    Set<String> parked() {
        return parked;
    }

    private @Nullable Void add(Row row) {
        if (row.getOffsetDateTime(1) == null) {
            parked.add(row.getString(0));
        } else {
            inbox.put(row.getString(0), new Stored(row.getOffsetDateTime(1), row.getBoolean(2)));
        }
        return null;
    }

    /// The stored bodies, as far as they are kept and have other bytes than the event. A payload is stored at the
    /// moment at which its event is projected.
    private IdentityHashMap<ReceivedEvent, byte[]> otherBodies(OpenTransaction transaction,
            List<ReceivedEvent> events) {
        List<ReceivedEvent> known = events.stream()
                .filter(event -> inbox.containsKey(event.webhookId()) || parked.contains(event.webhookId())).toList();
        IdentityHashMap<ReceivedEvent, byte[]> bodies = new IdentityHashMap<>();
        if (known.isEmpty()) {
            return bodies;
        }
        transaction.send("""
                SELECT event.number, payloads.body
                FROM unnest($1::text[], $2::timestamptz[], $3::bytea[])
                       WITH ORDINALITY AS event (webhook_id, stored_at, body, number)
                  JOIN payloads ON payloads.webhook_id = event.webhook_id AND payloads.stored_at = event.stored_at
                WHERE payloads.body <> event.body
                UNION ALL
                SELECT event.number, parked.body
                FROM unnest($1::text[], $2::timestamptz[], $3::bytea[])
                       WITH ORDINALITY AS event (webhook_id, stored_at, body, number)
                  JOIN parked ON parked.webhook_id = event.webhook_id
                WHERE event.stored_at IS NULL AND parked.body_forgotten_at IS NULL AND parked.body <> event.body
                """, Tuple.of(
                known.stream().map(ReceivedEvent::webhookId).toArray(String[]::new),
                known.stream().map(event -> inbox.get(event.webhookId()))
                        .map(stored -> stored == null ? null : stored.at).toArray(OffsetDateTime[]::new),
                known.stream().map(event -> Buffer.buffer(event.body())).toArray(Buffer[]::new)))
                .list(row -> bodies.put(known.get(Math.toIntExact(row.getLong(0)) - 1), row.getBuffer(1).getBytes()));
        return bodies;
    }

    private void add(ReceivedEvent event, byte @Nullable [] storedBody, Map<String, ReceivedEvent> first) {
        Stored stored = inbox.get(event.webhookId());
        if (storedBody != null && !event.hasBody(storedBody)) {
            outcomes.put(event, EventOutcome.CONFLICT);
        } else if (stored != null && stored.isDone(event)) {
            outcomes.put(event, EventOutcome.DUPLICATE);
        } else {
            ReceivedEvent before = first.putIfAbsent(event.webhookId(), event);
            if (before == null) {
                fresh.add(event);
            } else {
                outcomes.put(event, event.hasBody(before.body())
                        ? EventOutcome.DUPLICATE
                        : EventOutcome.CONFLICT);
            }
        }
    }

    private Repeats() {}
}
