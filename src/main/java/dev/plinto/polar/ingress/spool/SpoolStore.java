package dev.plinto.polar.ingress.spool;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.WebhookDialect;
import dev.plinto.polar.ingress.RawEvent;
import dev.plinto.polar.ingress.ReceivedProviders;
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
import org.jspecify.annotations.Nullable;

/// The table `spooled`. Every method gets a connection first: if the pool has none, a statement given to the pool
/// itself fails twice, the second time as an uncaught exception in the log (Vert.x 4.5).
@ApplicationScoped
public class SpoolStore {

    /// Longer than a connection may be silent before it is closed.
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final int MAX_BATCH_BYTES = 4 * 1024 * 1024;

    /// Locks the rows, so that no other replica moves them. Limited by size, since the batch is held in memory. Those
    /// of a provider that only a newer release knows are left to it.
    private static final String NEXT = """
            WITH next AS MATERIALIZED (
              SELECT id, octet_length(body) AS bytes FROM spooled WHERE id > $1 AND provider = ANY ($4)
              ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED),
            sized AS (SELECT id, sum(bytes) OVER (ORDER BY id) - bytes AS before FROM next)
            SELECT id, provider, webhook_id, webhook_timestamp, webhook_signature, api_version, received_at, body,
                   traceparent
            FROM spooled JOIN sized USING (id) WHERE before < $3 ORDER BY id
            """;

    /// Exact below 10,000 rows; more are estimated by their ids, which have no large gaps, so that counting stays cheap
    /// in an outage of hours. The oldest are the counted ones, since refused events stay for long and leave large gaps.
    private static final String PENDING = """
            SELECT CASE WHEN counted < 10000 THEN counted ELSE counted + (SELECT max(id) FROM spooled) - newest END
            FROM (SELECT count(*) AS counted, max(id) AS newest
                  FROM (SELECT id FROM spooled ORDER BY id LIMIT 10000) AS oldest) AS counted_oldest
            """;

    private final Pool pool;
    private final ReceivedProviders providers;

    SpoolStore(@ReactiveDataSource(SpoolConnections.NAME) Pool pool, ReceivedProviders providers) {
        this.pool = pool;
        this.providers = providers;
    }

    record Spooled(long id, RawEvent event) {}

    /// @param events    handed over, ordered by id; those not published are still in the table
    record Moved(List<Spooled> events, int published) {}

    /// Completes when the rows are committed.
    Future<RowSet<Row>> insert(List<RawEvent> events) {
        return pool.withConnection(connection -> connection.preparedQuery("""
                INSERT INTO spooled (provider, webhook_id, webhook_timestamp, webhook_signature, api_version,
                                     received_at, body, traceparent)
                SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[],
                                     $7::bytea[], $8::text[])
                """).execute(Tuple.tuple()
                .addValue(column(events, event -> event.dialect().provider()))
                .addValue(column(events, RawEvent::webhookId))
                .addValue(column(events, RawEvent::timestamp))
                .addValue(column(events, RawEvent::signature))
                .addValue(column(events, RawEvent::apiVersion))
                .addValue(events.stream().map(event -> event.receivedAt().atOffset(ZoneOffset.UTC))
                        .toArray(OffsetDateTime[]::new))
                .addValue(events.stream().map(event -> Buffer.buffer(event.body())).toArray(Buffer[]::new))
                .addValue(column(events, RawEvent::trace))));
    }

    public long pending() {
        return await(pool.withConnection(connection -> connection.query(PENDING).execute()), TIMEOUT)
                .iterator().next().getLong(0);
    }

    /// Hands over the next events after an id, and then removes the published ones. If the replica dies in between,
    /// they stay here and are published twice.
    ///
    /// @param publish returns the ids of the published events
    Moved move(long after, int limit, Function<List<Spooled>, List<Long>> publish) {
        SqlConnection connection = await(pool.getConnection(), TIMEOUT);
        boolean committed = false;
        try {
            await(connection.query("BEGIN").execute(), TIMEOUT);
            String[] names = providers.all().stream().map(WebhookDialect::provider).toArray(String[]::new);
            RowSet<Row> rows = await(
                    connection.preparedQuery(NEXT).execute(Tuple.of(after, limit, MAX_BATCH_BYTES, names)),
                    TIMEOUT);
            List<Spooled> next = StreamSupport.stream(rows.spliterator(), false).map(this::spooled).toList();
            List<Long> published = next.isEmpty() ? List.of() : publish.apply(next);
            if (!published.isEmpty()) {
                await(connection.preparedQuery("DELETE FROM spooled WHERE id = ANY ($1)")
                        .execute(Tuple.of(published.toArray(Long[]::new))), TIMEOUT);
            }
            await(connection.query("COMMIT").execute(), TIMEOUT);
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

    private Spooled spooled(Row row) {
        byte[] body = row.getBuffer("body").getBytes();
        WebhookDialect dialect = providers.named(row.getString("provider")).orElseThrow();
        return new Spooled(row.getLong("id"), new RawEvent(dialect, row.getString("webhook_id"),
                row.getString("webhook_timestamp"), row.getString("webhook_signature"), row.getString("api_version"),
                row.getOffsetDateTime("received_at").toInstant(), RawEvent.Origin.SPOOL, body, dialect.envelope(body),
                row.getString("traceparent"), null));
    }

    private static String[] column(List<RawEvent> events, Function<RawEvent, @Nullable String> field) {
        return events.stream().map(field).toArray(String[]::new);
    }
}
