package dev.plinto.polar.postgres;

import static dev.plinto.polar.postgres.Answers.await;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/// The time partitions of tables with a retention. Each writer first makes sure that its partition exists, which runs a
/// statement only every few weeks.
public class TimePartitions {

    private static final Duration AHEAD = Duration.ofDays(28);

    private final Pool pool;
    private final String create;
    /// Replicas and threads may create partitions concurrently: the second one finds them in place.
    private volatile Instant createdUntil = Instant.MIN;

    /// @param widths the days of a partition, by table; from the code, never from a setting
    public TimePartitions(Pool pool, Map<String, Integer> widths) {
        this.pool = pool;
        create = widths.entrySet().stream()
                .map(table -> "add_partitions('%s', '%d days', $1)".formatted(table.getKey(), table.getValue()))
                .collect(Collectors.joining(", ", "SELECT ", ""));
    }

    /// Returns when there are partitions for rows that are stored now and in the next weeks.
    public void createAhead(Instant now) {
        if (now.plus(AHEAD.dividedBy(2)).isAfter(createdUntil)) {
            Instant until = now.plus(AHEAD);
            await(Statements.execute(pool, create, Tuple.of(Timestamps.ofInstant(until))));
            createdUntil = until;
        }
    }

    /// Makes the next writer check again, since a failover or restore may have replaced the database.
    public void recheck() {
        createdUntil = Instant.MIN;
    }

    /// Drops the partitions that end before the moment; one that reaches beyond it stays whole.
    ///
    /// @return how many partitions were dropped
    public int drop(String table, Instant before) {
        return await(Statements.execute(pool, "SELECT drop_partitions($1::text::regclass, $2)",
                Tuple.of(table, Timestamps.ofInstant(before)))).iterator().next().getInteger(0);
    }
}
