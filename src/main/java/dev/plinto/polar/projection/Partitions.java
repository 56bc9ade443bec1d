package dev.plinto.polar.projection;

import static dev.plinto.polar.postgres.Answers.await;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;

/// The partitions by time of what is kept for a time. Whoever writes makes sure beforehand that there is one to write
/// into, which costs something every few weeks only.
@ApplicationScoped
class Partitions {

    private static final Duration AHEAD = Duration.ofDays(28);

    private final Pool pool;
    /// Replicas do this side by side, and so may lanes: who comes second finds it done.
    private volatile Instant covered = Instant.MIN;

    Partitions(Pool pool) {
        this.pool = pool;
    }

    /// Returns when there are partitions for what is stored now, and for some weeks.
    void cover(Instant now) {
        if (now.plus(AHEAD.dividedBy(2)).isAfter(covered)) {
            Instant until = now.plus(AHEAD);
            await(pool.preparedQuery("""
                    SELECT add_partitions('payloads', '7 days', $1), add_partitions('history', '28 days', $1)
                    """).execute(Tuple.of(FieldColumn.offset(until))));
            covered = until;
        }
    }

    /// The next one looks again, since the database may be another one now.
    void recheck() {
        covered = Instant.MIN;
    }

    /// Drops what ended before; the partition that reaches beyond stays as a whole.
    ///
    /// @return how many partitions
    int drop(String table, Instant before) {
        return await(pool.preparedQuery("SELECT drop_partitions($1::text::regclass, $2)")
                .execute(Tuple.of(table, FieldColumn.offset(before)))).iterator().next().getInteger(0);
    }
}
