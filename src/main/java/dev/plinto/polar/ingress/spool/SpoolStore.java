package dev.plinto.polar.ingress.spool;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.ingress.RawEvent;
import dev.plinto.polar.polar.Envelope;
import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/// The table `spool`. Each use asks for a connection first: where there is none to be had, a statement that goes
/// straight to the pool fails twice, the second time as an uncaught exception in the log (Vert.x 4.5).
@ApplicationScoped
public class SpoolStore {

    /// Longer than a connection is silent before it is closed.
    private static final Duration SILENCE = Duration.ofSeconds(15);
    private static final int LARGEST_BATCH = 4 * 1024 * 1024;

    /// Locked, so that no other replica moves the same ones. By size, since it is held in memory.
    private static final String NEXT = """
            WITH next AS MATERIALIZED (
              SELECT id, octet_length(body) AS bytes FROM spool WHERE id > $1 ORDER BY id LIMIT $2
              FOR UPDATE SKIP LOCKED),
            sized AS (SELECT id, sum(bytes) OVER (ORDER BY id) - bytes AS before FROM next)
            SELECT id, webhook_id, webhook_timestamp, webhook_signature, api_version, received_at, body, traceparent
            FROM spool JOIN sized USING (id) WHERE before < $3 ORDER BY id
            """;

    /// Exact while there are few; the others by their ids, which are given without larger gaps, so that an outage of
    /// hours does not make counting what costs most. The oldest are counted: some may have stayed since long ago.
    private static final String PENDING = """
            SELECT CASE WHEN counted < 10000 THEN counted ELSE counted + (SELECT max(id) FROM spool) - newest END
            FROM (SELECT count(*) AS counted, max(id) AS newest
                  FROM (SELECT id FROM spool ORDER BY id LIMIT 10000) AS oldest) AS counted_oldest
            """;

    private final Pool pool;

    SpoolStore(@ReactiveDataSource(SpoolConnections.NAME) Pool pool) {
        this.pool = pool;
    }

    record Spooled(long id, RawEvent event) {}

    /// @param events    handed over, by id; those that are not published are still here
    record Moved(List<Spooled> events, int published) {}

    /// Done when they are committed.
    Future<RowSet<Row>> insert(List<RawEvent> events) {
        return pool.withConnection(connection -> connection.preparedQuery("""
                INSERT INTO spool (webhook_id, webhook_timestamp, webhook_signature, api_version, received_at, body,
                                   traceparent)
                SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::bytea[],
                                     $7::text[])
                """).execute(Tuple.tuple()
                .addValue(texts(events, RawEvent::webhookId))
                .addValue(texts(events, RawEvent::timestamp))
                .addValue(texts(events, RawEvent::signature))
                .addValue(texts(events, RawEvent::apiVersion))
                .addValue(events.stream().map(event -> event.receivedAt().atOffset(ZoneOffset.UTC))
                        .toArray(OffsetDateTime[]::new))
                .addValue(events.stream().map(event -> Buffer.buffer(event.body())).toArray(Buffer[]::new))
                .addValue(texts(events, RawEvent::trace))));
    }

    public long pending() {
        return await(pool.withConnection(connection -> connection.query(PENDING).execute()), SILENCE)
                .iterator().next().getLong(0);
    }

    /// Hands over the next ones behind an id, and removes those that are published then. Who dies in between leaves
    /// them here, and the topic gets them twice.
    ///
    /// @param publish answers the ids of those that the topic has
    Moved move(long after, int most, Function<List<Spooled>, List<Long>> publish) {
        SqlConnection connection = await(pool.getConnection(), SILENCE);
        boolean committed = false;
        try {
            await(connection.query("BEGIN").execute(), SILENCE);
            RowSet<Row> rows = await(connection.preparedQuery(NEXT).execute(Tuple.of(after, most, LARGEST_BATCH)),
                    SILENCE);
            List<Spooled> next = StreamSupport.stream(rows.spliterator(), false).map(SpoolStore::spooled).toList();
            List<Long> published = next.isEmpty() ? List.of() : publish.apply(next);
            if (!published.isEmpty()) {
                await(connection.preparedQuery("DELETE FROM spool WHERE id = ANY ($1)")
                        .execute(Tuple.of(published.toArray(Long[]::new))), SILENCE);
            }
            await(connection.query("COMMIT").execute(), SILENCE);
            committed = true;
            return new Moved(next, published.size());
        } finally {
            if (committed) {
                connection.close();
            } else {
                connection.query("ROLLBACK").execute().onComplete(answered -> connection.close());
            }
        }
    }

    private static Spooled spooled(Row row) {
        byte[] body = row.getBuffer("body").getBytes();
        return new Spooled(row.getLong("id"), new RawEvent(row.getString("webhook_id"),
                row.getString("webhook_timestamp"), row.getString("webhook_signature"), row.getString("api_version"),
                row.getOffsetDateTime("received_at").toInstant(), RawEvent.Origin.SPOOL, body, Envelope.scan(body),
                row.getString("traceparent"), false));
    }

    private static String[] texts(List<RawEvent> events, Function<RawEvent, String> part) {
        return events.stream().map(part).toArray(String[]::new);
    }
}
