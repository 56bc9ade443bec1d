package dev.plinto.polar.projection;

import dev.plinto.polar.Erased;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.entitlement.Stamp;
import dev.plinto.polar.polar.EventReader;
import dev.plinto.polar.projection.OpenTransaction.Answer;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
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

    /// @throws Raced if another replica stored one of them, or an operator discarded one, meanwhile; the batch must be
    /// retried
    ///
    /// @param parkedBefore ids of the events that were parked before, with the same body
    /// @param erased       those whose bodies are not stored
    void store(List<Projected> projected, Set<String> parkedBefore, ErasedEvents erased) {
        List<Projected> sorted = projected.stream() // all transactions insert in this order
                .sorted(Comparator.comparing(event -> event.event().webhookId()))
                .toList();
        List<Projected> parked = sorted.stream().filter(event -> event.outcome() == EventOutcome.PARKED).toList();
        unpark(sorted, parked);
        keep(sorted.stream().filter(event -> event.outcome().isKept()).toList(), erased);
        park(parked.stream()
                .map(event -> new Parked(event.event(), ParkReason.of(event.event().reading()).orElseThrow()))
                .toList(), parkedBefore, erased);
        ConflictStore.save(transaction, sorted.stream().filter(event -> event.outcome() == EventOutcome.CONFLICT)
                .map(Projected::event).filter(event -> !erased.include(event)).toList(), now.toInstant());
    }

    /// A row that is there keeps its `own_type`, here and in [#park]: it belongs to the body, which stays too.
    private void keep(List<Projected> projected, ErasedEvents erased) {
        if (projected.isEmpty()) {
            return;
        }
        Answer stored = transaction.send("""
                INSERT INTO inbox (projected_at, webhook_id, type, outcome, moment, received_at, origin, subject,
                                   own_type, statements)
                SELECT $1, *, $10 FROM unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[],
                                              $6::timestamptz[], $7::text[], $8::text[], $9::text[])
                ON CONFLICT (webhook_id) DO UPDATE
                SET type = excluded.type, outcome = excluded.outcome, moment = excluded.moment,
                    projected_at = excluded.projected_at, statements = excluded.statements
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
                .addValue(texts(projected, p -> p.event().ownType()))
                .addValue(EventReader.STATEMENTS));
        List<ReceivedEvent> events = projected.stream().map(Projected::event).filter(event -> !erased.include(event))
                .toList();
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
    /// had applied it. A conflict says nothing about the event that is parked.
    private void unpark(List<Projected> projected, List<Projected> parked) {
        Set<String> webhookIds = projected.stream().filter(event -> event.outcome() != EventOutcome.CONFLICT)
                .map(event -> event.event().webhookId()).collect(Collectors.toSet());
        parked.forEach(event -> webhookIds.remove(event.event().webhookId()));
        transaction.send("DELETE FROM parked WHERE webhook_id = ANY ($1)",
                Tuple.of(webhookIds.toArray(String[]::new)));
    }

    static final class Raced extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private record Parked(ReceivedEvent event, ParkReason reason) {}

    /// Parks an event that failed to be applied, unless it is a repeat.
    ///
    /// @throws Raced if another replica stored it, or an operator discarded it, meanwhile
    Projected parkFailed(ReceivedEvent event, ParkReason reason, Erased erased) {
        List<ReceivedEvent> one = List.of(event);
        ErasedEvents erasedEvents = ErasedEvents.ask(transaction, erased, one).await();
        Repeats repeats = Repeats.of(transaction, one, Repeats.select(transaction, one));
        EventOutcome outcome = repeats.outcome(event);
        if (outcome == null) {
            park(List.of(new Parked(event, reason)), repeats.parked(), erasedEvents);
            return Projected.parked(event);
        }
        Projected repeat = new Projected(event, outcome, false);
        store(List.of(repeat), repeats.parked(), erasedEvents);
        return repeat;
    }

    /// Of an erased event without its body, as once the retention of parked bodies has ended.
    private void park(List<Parked> events, Set<String> before, ErasedEvents erased) {
        if (events.isEmpty()) {
            return;
        }
        List<ReceivedEvent> received = events.stream().map(Parked::event).toList();
        Answer stored = transaction.send("""
                INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body, subject,
                                    own_type, body_forgotten_at)
                SELECT webhook_id, type, reason, detail, received_at, origin,
                       CASE WHEN is_erased THEN '' ELSE body END, subject, own_type,
                       CASE WHEN is_erased THEN now() END
                FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[],
                            $7::bytea[], $8::text[], $9::text[], $11::boolean[])
                  AS event (webhook_id, type, reason, detail, received_at, origin, body, subject, own_type, is_erased)
                ON CONFLICT (webhook_id) DO UPDATE
                SET type = excluded.type, reason = excluded.reason, detail = excluded.detail,
                    attempts = parked.attempts + 1, last_failed_at = now(),
                    body_forgotten_at = excluded.body_forgotten_at,
                    first_failed_at = CASE WHEN parked.body_forgotten_at IS NULL THEN parked.first_failed_at
                        ELSE now() END, -- from which the retention of the new body counts
                    body = CASE WHEN parked.body_forgotten_at IS NULL AND excluded.body_forgotten_at IS NULL
                        THEN parked.body ELSE excluded.body END
                WHERE parked.webhook_id = ANY ($10)
                """, Tuple.tuple()
                .addValue(texts(received, ReceivedEvent::webhookId))
                .addValue(texts(received, ReceivedEvent::type))
                .addValue(texts(events, parked -> parked.reason().kind().wireName()))
                .addValue(texts(events, parked -> parked.reason().detail()))
                .addValue(FieldColumn.times(received.stream().map(ReceivedEvent::receivedAt)))
                .addValue(texts(received, ReceivedEvent::origin))
                .addValue(bodies(received))
                .addValue(texts(received, ReceivedEvent::subject))
                .addValue(texts(received, ReceivedEvent::ownType))
                .addValue(before.toArray(String[]::new))
                .addValue(received.stream().map(erased::include).toArray(Boolean[]::new)));
        // Asked after the insert, which waits for a discard of the row that is under way.
        Answer handled = transaction.send("""
                SELECT webhook_id FROM inbox WHERE webhook_id = ANY ($1) AND outcome <> 'unknown_type' LIMIT 1
                """, Tuple.tuple().addValue(texts(received, ReceivedEvent::webhookId)));
        if (stored.rowCount() != events.size() || handled.rowCount() > 0) {
            throw new Raced();
        }
    }

    static @Nullable Instant momentOf(ReceivedEvent event) {
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
