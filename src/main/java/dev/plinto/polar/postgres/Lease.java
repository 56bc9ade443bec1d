package dev.plinto.polar.postgres;

import static dev.plinto.polar.postgres.Answers.await;

import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.UUID;

/// A right that one replica holds at a time, until it expires by the database's clock. It is the only row of a table
/// with the columns `one`, `holder` and `expires_at`.
public final class Lease {

    private final Pool pool;
    private final String table;
    private final Duration time;
    private final Duration limit;
    private final String holder = UUID.randomUUID().toString();

    /// @param table from the code, never from a setting
    /// @param time  how long the lease is valid unless renewed
    /// @param limit how long the database may take to answer
    public Lease(Pool pool, String table, Duration time, Duration limit) {
        this.pool = pool;
        this.table = table;
        this.time = time;
        this.limit = limit;
    }

    /// This replica's id in the column `holder`.
    public String holder() {
        return holder;
    }

    public Duration time() {
        return time;
    }

    /// Acquires or renews the lease; false while another replica holds it.
    public boolean take() {
        return update("""
                INSERT INTO %1$s (holder, expires_at) VALUES ($1, clock_timestamp() + $2 * interval '1 ms')
                ON CONFLICT (one) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
                WHERE %1$s.holder IS NULL OR %1$s.holder = excluded.holder OR %1$s.expires_at < clock_timestamp()
                """, Tuple.of(holder, time.toMillis()));
    }

    /// Renews the lease; false if another replica holds it, or has held it since, or if it was released: a renewal may
    /// reach the database after the release that came later.
    public boolean renew() {
        return update("""
                UPDATE %s SET expires_at = clock_timestamp() + $2 * interval '1 ms'
                WHERE holder = $1 AND expires_at > '-infinity'
                """, Tuple.of(holder, time.toMillis()));
    }

    /// Makes the lease expire at once, so that the successor does not wait.
    public void release() {
        update("UPDATE %s SET expires_at = '-infinity' WHERE holder = $1", Tuple.of(holder));
    }

    private boolean update(String sql, Tuple parameters) {
        return await(pool.preparedQuery(sql.formatted(table)).execute(parameters), limit).rowCount() == 1;
    }
}
