package dev.plinto.polar.bench;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.testing.Database;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// The limit of any intake that stores the same rows: they are in memory, and written into the same tables by the bare
/// reactive client, a thousand by each statement, on as many connections as the service writes them on.
final class UsageRows implements AutoCloseable {

    private static final int CONNECTIONS = 2;
    private static final int ROWS = 1_000;
    private static final int STATEMENTS = 50; // made before they are run, so that their making does not count

    private static final String WRITE = """
            WITH event AS (
              SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::numeric[], $6::text[],
                                   $7::timestamptz[])
                     AS event (organization, id, key, event_name, quantity, properties, occurred_at)),
            keys AS (
              INSERT INTO usage_keys (organization, id, event_name, quantity)
              SELECT organization, id, event_name, quantity FROM event)
            INSERT INTO usage_events (organization, id, key, event_name, quantity, properties, occurred_at, due_at)
            SELECT organization, id, key, event_name, quantity, properties, occurred_at, occurred_at FROM event
            """;

    private final Vertx vertx = Vertx.vertx();
    private final Pool pool;

    UsageRows(Database database) {
        pool = Pools.to(database, CONNECTIONS, vertx);
    }

    /// @param events of each of two rows
    record Written(long events, double seconds) {

        double perSecond() {
            return events / seconds;
        }
    }

    Written write(MadeUsage events, Duration time) {
        long written = 0;
        long nanos = 0;
        while (nanos < time.toNanos()) {
            long first = written;
            var statements = new ConcurrentLinkedQueue<>(IntStream.range(0, STATEMENTS)
                    .mapToObj(i -> rows(events, first + (long) i * ROWS)).toList());
            long began = System.nanoTime();
            List<Thread> connections = IntStream.range(0, CONNECTIONS)
                    .mapToObj(i -> Thread.ofVirtual().start(() -> writeAll(statements))).toList();
            connections.forEach(UsageRows::join);
            nanos += System.nanoTime() - began;
            written += (long) STATEMENTS * ROWS;
        }
        return new Written(written, nanos / 1e9);
    }

    private void writeAll(ConcurrentLinkedQueue<Tuple> statements) {
        for (Tuple rows = statements.poll(); rows != null; rows = statements.poll()) {
            await(pool.preparedQuery(WRITE).execute(rows));
        }
    }

    private static Tuple rows(MadeUsage events, long first) {
        OffsetDateTime time = OffsetDateTime.parse(events.time());
        return Tuple.tuple()
                .addValue(column(first, MadeUsage::organization).toArray(String[]::new))
                .addValue(column(first, number -> UUID.randomUUID()).toArray(UUID[]::new))
                .addValue(column(first, number -> events.prefix() + number).toArray(String[]::new))
                .addValue(column(first, number -> MadeUsage.NAME).toArray(String[]::new))
                .addValue(column(first, number -> BigDecimal.valueOf(MadeUsage.quantity(number)))
                        .toArray(BigDecimal[]::new))
                .addValue(column(first, number -> MadeUsage.PROPERTIES).toArray(String[]::new))
                .addValue(column(first, number -> time).toArray(OffsetDateTime[]::new));
    }

    private static <T> List<T> column(long first, LongFunction<T> value) {
        return LongStream.range(first, first + ROWS).mapToObj(value).toList();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    @Override
    public void close() {
        pool.close();
        vertx.close();
    }
}
