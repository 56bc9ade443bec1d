package dev.plinto.polar.postgres;

import static dev.plinto.polar.postgres.Answers.await;

import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.UUID;

/// A right that one replica holds at a time, until it runs out by the database's clock. It is kept in the one row of a
/// table with the columns `one`, `holder` and `expires_at`.
public final class Lease {

    private final Pool pool;
    private final String table;
    private final Duration time;
    private final Duration limit;
    private final String holder = UUID.randomUUID().toString();

    /// @param table a name from the code, never from a setting
    /// @param time  for how long it is held without being renewed
    /// @param limit for how long the database may be silent
    public Lease(Pool pool, String table, Duration time, Duration limit) {
        this.pool = pool;
        this.table = table;
        this.time = time;
        this.limit = limit;
    }

    /// This replica, in the column `holder`.
    public String holder() {
        return holder;
    }

    public Duration time() {
        return time;
    }

    /// Takes or renews it; false while another replica holds it.
    public boolean take() {
        return changes("""
                INSERT INTO %1$s (holder, expires_at) VALUES ($1, clock_timestamp() + $2 * interval '1 ms')
                ON CONFLICT (one) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
                WHERE %1$s.holder IS NULL OR %1$s.holder = excluded.holder OR %1$s.expires_at < clock_timestamp()
                """, Tuple.of(holder, time.toMillis()));
    }

    /// Renews it; false if another replica holds it now, or has held it meanwhile.
    public boolean renew() {
        return changes("UPDATE %s SET expires_at = clock_timestamp() + $2 * interval '1 ms' WHERE holder = $1",
                Tuple.of(holder, time.toMillis()));
    }

    /// Lets it run out at once, so that a successor need not wait.
    public void release() {
        changes("UPDATE %s SET expires_at = '-infinity' WHERE holder = $1", Tuple.of(holder));
    }

    private boolean changes(String sql, Tuple parameters) {
        return await(pool.preparedQuery(sql.formatted(table)).execute(parameters), limit).rowCount() == 1;
    }
}
