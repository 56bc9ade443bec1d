package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.DueRead;
import dev.plinto.polar.entitlement.Event;
import dev.plinto.polar.entitlement.Provider;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.entitlement.Scope;
import dev.plinto.polar.entitlement.Stamp;
import dev.plinto.polar.projection.OpenTransaction.Answer;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Writes the [due reads][DueRead] that events ask for, in the transaction of the events and before they are applied:
/// what is stored is still what was told before them. Reconciliation does the reads.
///
/// Events of one partition are projected one batch after the other, and an object's events have one key. Of batches of
/// several partitions each may see the same silence: then there is one read too many.
final class DueReadStore {

    private static final Duration SILENCE = Duration.ofMinutes(10);
    private static final Set<String> DELIVERED = Set.of("webhook", "spool");

    private final OpenTransaction transaction;
    private final Map<String, Stamp> newest = new HashMap<>();
    private final Set<String> repeated = new HashSet<>();
    private final Map<String, Instant> lastReceived = new HashMap<>();

    /// An event about an object that can be read.
    private record Told(ReceivedEvent received, Event event, Scope subject) {

        String provider() {
            return Provider.of(subject.id()).wireName();
        }

        boolean isDelivered() {
            return DELIVERED.contains(received.origin());
        }
    }

    private DueReadStore(OpenTransaction transaction) {
        this.transaction = transaction;
    }

    /// @param now from when on they are due
    static void ask(OpenTransaction transaction, List<ReceivedEvent> events, Instant now) {
        List<Told> told = events.stream()
                .filter(event -> !event.isRepair()) // a reading asks for no further one
                .flatMap(event -> event.reading() instanceof Reading.Understood(Event understood)
                        ? DueRead.subject(understood).map(subject -> new Told(event, understood, subject)).stream()
                        : Stream.empty())
                .sorted(Comparator.comparing(event -> event.received().receivedAt()))
                .toList();
        if (!told.isEmpty()) {
            new DueReadStore(transaction).store(told, now);
        }
    }

    private void store(List<Told> told, Instant now) {
        load(told);
        Map<String, DueRead> asked = new TreeMap<>();
        Map<String, Told> heard = new TreeMap<>();
        for (Told event : told) {
            if (repeated.add(event.received().webhookId())) {
                String id = event.subject().id().value();
                DueRead.askedBy(event.event(), newest.get(id), isAfterSilence(event))
                        .ifPresent(read -> asked.merge(id, read, DueRead::and));
                newest.merge(id, DueRead.stampOf(event.event()),
                        (first, second) -> second.isAfter(first) ? second : first);
                heard.put(id, event);
            }
        }
        postpone(heard.values());
        insert(List.copyOf(asked.values()), now);
    }

    private boolean isAfterSilence(Told event) {
        if (!event.isDelivered()) {
            return false;
        }
        Instant at = event.received().receivedAt();
        Instant last = lastReceived.getOrDefault(event.provider(), Instant.EPOCH);
        lastReceived.put(event.provider(), at.isAfter(last) ? at : last);
        return at.isAfter(last.plus(SILENCE));
    }

    /// A table has its objects' newest statement, whatever was stated before it.
    private void load(List<Told> told) {
        Answer repeats = transaction.send("""
                SELECT webhook_id FROM inbox WHERE webhook_id = ANY ($1) AND outcome <> 'unknown_type'
                """, Tuple.tuple().addValue(told.stream().map(event -> event.received().webhookId())
                .toArray(String[]::new)));
        Answer statements = transaction.send("""
                SELECT id, said_at, said_by FROM subscriptions WHERE id = ANY ($1) AND said_at IS NOT NULL
                UNION ALL
                SELECT id, said_at, said_by FROM orders WHERE id = ANY ($1) AND said_at IS NOT NULL
                """, Tuple.tuple().addValue(told.stream().map(event -> event.subject().id().value()).distinct()
                .toArray(String[]::new)));
        // With the condition of the index inbox_conekta.
        Answer received = transaction.send("""
                SELECT max(received_at) FROM inbox
                WHERE starts_with(webhook_id, 'conekta:') AND outcome IN ('applied', 'stale')
                  AND origin IN ('webhook', 'spool')
                """);
        repeated.addAll(repeats.list(row -> row.getString(0)));
        statements.list(row -> newest.put(row.getString(0),
                new Stamp(row.getOffsetDateTime(1).toInstant(), row.getString(2))));
        received.list(row -> FieldColumn.instant(row.getOffsetDateTime(0))).stream().filter(Objects::nonNull)
                .forEach(last -> lastReceived.put(Provider.CONEKTA.wireName(), last));
    }

    /// What was told meanwhile must be read too.
    private void postpone(Collection<Told> heard) {
        transaction.send("""
                UPDATE due_reads SET speaks_after = told.moment
                FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS told (kind, id, moment)
                WHERE due_reads.kind = told.kind AND due_reads.id = told.id AND due_reads.speaks_after < told.moment
                """, Tuple.of(
                heard.stream().map(event -> DueRead.kindOf(event.subject()).wireName()).toArray(String[]::new),
                heard.stream().map(event -> event.subject().id().value()).toArray(String[]::new),
                FieldColumn.times(heard.stream().map(event -> newestOf(event).moment()))));
    }

    private Stamp newestOf(Told event) {
        return Objects.requireNonNull(newest.get(event.subject().id().value()), "an event without a stamp");
    }

    private void insert(List<DueRead> reads, Instant now) {
        if (reads.isEmpty()) {
            return;
        }
        transaction.send("""
                INSERT INTO due_reads (due_at, provider, kind, id, customer_id, reason, speaks_after)
                SELECT $1, 'conekta', * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
                ON CONFLICT (kind, id) DO UPDATE
                SET speaks_after = greatest(due_reads.speaks_after, excluded.speaks_after),
                    customer_id = coalesce(excluded.customer_id, due_reads.customer_id)
                """, Tuple.tuple()
                .addValue(FieldColumn.offset(now))
                .addValue(reads.stream().map(read -> read.kind().wireName()).toArray(String[]::new))
                .addValue(reads.stream().map(DueRead::id).toArray(String[]::new))
                .addValue(reads.stream().map(DueRead::customer).toArray(String[]::new))
                .addValue(reads.stream().map(read -> read.reason().wireName()).toArray(String[]::new))
                .addValue(FieldColumn.times(reads.stream().map(DueRead::speaksAfter))));
    }
}
