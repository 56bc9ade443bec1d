package dev.plinto.polar.postgres;

import static dev.plinto.polar.postgres.Answers.await;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/// A right that one replica holds at a time, until it expires by the database's clock. It is the only row of a table
/// with the columns `one`, `holder` and `expires_at`.
public final class Lease {

    private final Pool pool;
    private final String table;
    private final Duration time;
    private final String holder = UUID.randomUUID().toString();

    /// @param table from the code, never from a setting
    /// @param time  how long the lease is valid unless renewed
    public Lease(Pool pool, String table, Duration time) {
        this.pool = pool;
        this.table = table;
        this.time = time;
    }

    /// This replica's id in the column `holder`.
    public String holder() {
        return holder;
    }

    public Duration time() {
        return time;
    }

    /// Acquires or renews the lease; false while another replica holds it. Waits for the answer for the time of the
    /// lease: a later one is worth nothing.
    public boolean take() {
        return await(sent("""
                INSERT INTO %1$s (holder, expires_at) VALUES ($1, clock_timestamp() + $2 * interval '1 ms')
                ON CONFLICT (one) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
                WHERE %1$s.holder IS NULL OR %1$s.holder = excluded.holder OR %1$s.expires_at < clock_timestamp()
                """, Tuple.of(holder, time.toMillis())), time);
    }

    /// Renews the lease; false if another replica holds it, or has held it since, or if it was released: a renewal may
    /// reach the database after the release that came later.
    ///
    /// @return fails if the database does not answer
    public CompletableFuture<Boolean> renew() {
        return sent("""
                UPDATE %s SET expires_at = clock_timestamp() + $2 * interval '1 ms'
                WHERE holder = $1 AND expires_at > '-infinity'
                """, Tuple.of(holder, time.toMillis())).subscribeAsCompletionStage();
    }

    /// Makes the lease expire at once, so that the successor does not wait.
    public void release() {
        await(sent("UPDATE %s SET expires_at = '-infinity' WHERE holder = $1", Tuple.of(holder)), time);
    }

    private Uni<Boolean> sent(String sql, Tuple parameters) {
        return Statements.execute(pool, sql.formatted(table), parameters).map(answer -> answer.rowCount() == 1);
    }
}
