package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Stamp;
import dev.plinto.polar.polar.Reading;
import dev.plinto.polar.projection.OpenTransaction.Answer;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Stores which events were projected, their bodies, and the parked events.
final class InboxStore {

    private final OpenTransaction transaction;
    private final OffsetDateTime now;

    InboxStore(OpenTransaction transaction, Instant now) {
        this.transaction = transaction;
        this.now = FieldColumn.offset(now);
    }

    /// Selects those of the events that were projected before. An event whose type was unknown then and is known now
    /// does not count, even if it cannot be applied.
    Answer projectedBefore(Collection<ReceivedEvent> events) {
        List<ReceivedEvent> all = List.copyOf(events);
        return transaction.send("""
                SELECT inbox.webhook_id
                FROM inbox JOIN unnest($1::text[], $2::boolean[]) AS event (webhook_id, unknown)
                  ON inbox.webhook_id = event.webhook_id
                WHERE inbox.outcome <> 'unknown_type' OR event.unknown
                """, Tuple.tuple()
                .addValue(texts(all, ReceivedEvent::webhookId))
                .addValue(all.stream().map(event -> event.reading() instanceof Reading.UnknownType)
                        .toArray(Boolean[]::new)));
    }

    /// @throws Raced if another replica stored one of them meanwhile; the batch must be retried
    void store(List<Projected> projected) {
        List<Projected> sorted = projected.stream() // all transactions insert in this order
                .sorted(Comparator.comparing(event -> event.event().webhookId()))
                .toList();
        List<Projected> parked = sorted.stream().filter(event -> event.outcome() == EventOutcome.PARKED).toList();
        unpark(sorted, parked);
        keep(sorted.stream().filter(event -> event.outcome().isKept()).toList());
        park(parked.stream()
                .map(event -> new Parked(event.event(), ParkReason.of(event.event().reading()).orElseThrow()))
                .toList());
    }

    /// A conflict leaves `own_type` as it is, here and in [#park]: it belongs to the body, which stays too.
    private void keep(List<Projected> projected) {
        if (projected.isEmpty()) {
            return;
        }
        Answer stored = transaction.send("""
                INSERT INTO inbox (projected_at, webhook_id, type, outcome, moment, received_at, origin, subject,
                                   own_type)
                SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[],
                                         $7::text[], $8::text[], $9::text[])
                ON CONFLICT (webhook_id) DO UPDATE
                SET type = excluded.type, outcome = excluded.outcome, moment = excluded.moment,
                    projected_at = excluded.projected_at
                WHERE inbox.outcome = 'unknown_type' AND excluded.outcome <> 'unknown_type'
                """, Tuple.tuple()
                .addValue(now)
                .addValue(texts(projected, p -> p.event().webhookId()))
                .addValue(texts(projected, p -> p.event().type()))
                .addValue(texts(projected, p -> p.outcome().stored()))
                .addValue(FieldColumn.times(projected.stream().map(p -> momentOf(p.event()))))
                .addValue(FieldColumn.times(projected.stream().map(p -> p.event().receivedAt())))
                .addValue(texts(projected, p -> p.event().origin()))
                .addValue(texts(projected, p -> p.event().subject()))
                .addValue(texts(projected, p -> p.event().ownType())));
        List<ReceivedEvent> events = projected.stream().map(Projected::event).toList();
        transaction.send("""
                INSERT INTO payloads (stored_at, webhook_id, received_at, body)
                SELECT $1, * FROM unnest($2::text[], $3::timestamptz[], $4::bytea[]) ON CONFLICT DO NOTHING
                """, Tuple.of(now, texts(events, ReceivedEvent::webhookId),
                FieldColumn.times(events.stream().map(ReceivedEvent::receivedAt)), bodies(events)));
        if (stored.rowCount() != projected.size()) {
            throw new Raced();
        }
    }

    /// Includes events that were projected before: a suspended replica may have parked an event after another replica
    /// had applied it.
    private void unpark(List<Projected> projected, List<Projected> parked) {
        Set<String> webhookIds = projected.stream().map(event -> event.event().webhookId()).collect(Collectors.toSet());
        parked.forEach(event -> webhookIds.remove(event.event().webhookId()));
        transaction.send("DELETE FROM parked WHERE webhook_id = ANY ($1)",
                Tuple.of(webhookIds.toArray(String[]::new)));
    }

    static final class Raced extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    record Parked(ReceivedEvent event, ParkReason reason) {}

    void park(List<Parked> events) {
        if (events.isEmpty()) {
            return;
        }
        List<ReceivedEvent> received = events.stream().map(Parked::event).toList();
        transaction.send("""
                INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body, subject,
                                    own_type)
                SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[],
                                     $7::bytea[], $8::text[], $9::text[])
                ON CONFLICT (webhook_id) DO UPDATE
                SET type = excluded.type, reason = excluded.reason, detail = excluded.detail,
                    attempts = parked.attempts + 1, last_failed_at = now()
                """, Tuple.tuple()
                .addValue(texts(received, ReceivedEvent::webhookId))
                .addValue(texts(received, ReceivedEvent::type))
                .addValue(texts(events, parked -> parked.reason().kind().wireName()))
                .addValue(texts(events, parked -> parked.reason().detail()))
                .addValue(FieldColumn.times(received.stream().map(ReceivedEvent::receivedAt)))
                .addValue(texts(received, ReceivedEvent::origin))
                .addValue(bodies(received))
                .addValue(texts(received, ReceivedEvent::subject))
                .addValue(texts(received, ReceivedEvent::ownType)));
    }

    private static @Nullable Instant momentOf(ReceivedEvent event) {
        return event.reading() instanceof Reading.Understood understood
                ? new Stamp(understood.event().cause().timestamp(), event.webhookId()).moment()
                : null;
    }

    private static Buffer[] bodies(List<ReceivedEvent> events) {
        return events.stream().map(event -> Buffer.buffer(event.body())).toArray(Buffer[]::new);
    }

    private static <T> String[] texts(List<T> items, Function<T, @Nullable String> text) {
        return items.stream().map(text).toArray(String[]::new);
    }
}
