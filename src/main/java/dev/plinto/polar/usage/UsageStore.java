package dev.plinto.polar.usage;

import dev.plinto.polar.postgres.Statements;
import dev.plinto.polar.postgres.Timestamps;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/// The tables `usage_keys` and `usage_events`, as the intake writes them.
@ApplicationScoped
class UsageStore {

    /// One statement, so that nothing of it is done unless all of it is. The events of a request are taken if none of
    /// them has a key that was taken with another name or quantity.
    ///
    /// A key that another transaction takes meanwhile violates the primary key, so that all is rolled back. In the
    /// order of their ids, so that two of these statements never wait for each other. An event whose key is forgotten
    /// may still be held, parked: it is the same event. While an organization's data is erased, what its producers
    /// write into events is not stored.
    private static final String TAKE = """
            WITH sent AS MATERIALIZED (
              SELECT event.*, taken.event_name AS taken_name, taken.quantity AS taken_quantity,
                     taken.event_name <> event.event_name OR taken.quantity <> event.quantity AS is_another
              FROM unnest($1::int[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::numeric[], $7::text[],
                          $8::timestamptz[]) WITH ORDINALITY
                   AS event (request, organization, id, key, event_name, quantity, properties, occurred_at, number)
              LEFT JOIN usage_keys AS taken ON taken.organization = event.organization AND taken.id = event.id),
            fresh AS MATERIALIZED (
              SELECT * FROM sent
              WHERE taken_name IS NULL AND request NOT IN (SELECT request FROM sent WHERE is_another)
              ORDER BY id),
            keys AS (
              INSERT INTO usage_keys (organization, id, event_name, quantity)
              SELECT organization, id, event_name, quantity FROM fresh),
            events AS (
              INSERT INTO usage_events (organization, id, key, event_name, quantity, properties, occurred_at, due_at)
              SELECT organization, id, CASE WHEN is_erased THEN id::text ELSE key END, event_name, quantity,
                     CASE WHEN NOT is_erased THEN properties END, occurred_at, occurred_at
              FROM fresh, LATERAL (SELECT EXISTS (SELECT FROM erasures WHERE erasures.organization = fresh.organization
                                                  AND completed_at IS NULL) AS is_erased) AS erasure
              ON CONFLICT DO NOTHING)
            SELECT number, taken_name, taken_quantity, is_another FROM sent WHERE taken_name IS NOT NULL ORDER BY number
            """;

    /// A key was taken meanwhile; a deadlock; a failed serialization.
    private static final Set<String> RACES = Set.of("23505", "40P01", "40001");

    private final Pool pool;

    UsageStore(Pool pool) {
        this.pool = pool;
    }

    /// An event of a merge.
    ///
    /// @param request the number of its request
    record Sent(int request, UsageEvent event) {}

    /// An event that was taken before.
    ///
    /// @param position  in the merge, from 0
    /// @param isAnother whether what was taken has another name or quantity
    record Known(int position, String name, BigDecimal quantity, boolean isAnother) {

        /// The same, in a part of the merge.
        Known from(int first) {
            return new Known(position - first, name, quantity, isAnother);
        }
    }

    /// Takes the events of all requests but those that have a key of another event. Completes when they are durable.
    ///
    /// @param merge no two of the same id
    /// @return the events that were taken before; all others of requests that are taken are new
    Future<List<Known>> take(List<Sent> merge) {
        Tuple columns = Tuple.tuple()
                .addValue(merge.stream().map(Sent::request).toArray(Integer[]::new))
                .addValue(texts(merge, UsageEvent::organization))
                .addValue(merge.stream().map(sent -> sent.event.id().value()).toArray(UUID[]::new))
                .addValue(texts(merge, UsageEvent::key))
                .addValue(texts(merge, UsageEvent::name))
                .addValue(merge.stream().map(sent -> sent.event.quantity()).toArray(BigDecimal[]::new))
                .addValue(texts(merge, UsageEvent::properties))
                .addValue(merge.stream().map(sent -> Timestamps.ofInstant(sent.event.occurredAt()))
                        .toArray(OffsetDateTime[]::new));
        return Statements.execute(pool, TAKE, columns)
                .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(UsageStore::known).toList());
    }

    private static String[] texts(List<Sent> merge, Function<UsageEvent, String> field) {
        return merge.stream().map(sent -> field.apply(sent.event)).toArray(String[]::new);
    }

    private static Known known(Row row) {
        return new Known(Math.toIntExact(row.getLong(0) - 1), row.getString(1), row.getBigDecimal(2),
                row.getBoolean(3));
    }

    /// Whether nothing was done since another transaction did the same meanwhile: done again, it finds that.
    static boolean isRace(Throwable failure) {
        return failure instanceof PgException refused && RACES.contains(String.valueOf(refused.getSqlState()));
    }
}
