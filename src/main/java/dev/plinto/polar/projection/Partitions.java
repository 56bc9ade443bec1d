package dev.plinto.polar.projection;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.postgres.Statements;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;

/// The time partitions of the tables with a retention. Each writer first makes sure that its partition exists, which
/// runs a statement only every few weeks.
@ApplicationScoped
class Partitions {

    private static final Duration AHEAD = Duration.ofDays(28);

    private final Pool pool;
    /// Replicas and lanes may create partitions concurrently: the second one finds them in place.
    private volatile Instant createdUntil = Instant.MIN;

    Partitions(Pool pool) {
        this.pool = pool;
    }

    /// Returns when there are partitions for rows that are stored now and in the next weeks.
    void createAhead(Instant now) {
        if (now.plus(AHEAD.dividedBy(2)).isAfter(createdUntil)) {
            Instant until = now.plus(AHEAD);
            await(Statements.execute(pool, """
                    SELECT add_partitions('payloads', '7 days', $1), add_partitions('history', '28 days', $1),
                        add_partitions('benefit_changes', '28 days', $1)
                    """, Tuple.of(FieldColumn.offset(until))));
            createdUntil = until;
        }
    }

    /// Makes the next writer check again, since a failover or restore may have replaced the database.
    void recheck() {
        createdUntil = Instant.MIN;
    }

    /// Drops the partitions that end before the moment; one that reaches beyond it stays whole.
    ///
    /// @return how many partitions were dropped
    int drop(String table, Instant before) {
        return await(Statements.execute(pool, "SELECT drop_partitions($1::text::regclass, $2)",
                Tuple.of(table, FieldColumn.offset(before)))).iterator().next().getInteger(0);
    }
}
