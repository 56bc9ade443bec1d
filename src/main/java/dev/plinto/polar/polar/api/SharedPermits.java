package dev.plinto.polar.polar.api;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.postgres.Statements;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Permits of all replicas, counted in the database and by its clock. Each permit is one statement, which holds the row
/// no longer than it runs: a replica that dies or is suspended keeps none of the others from theirs.
final class SharedPermits implements Permits {

    /// The time at which there is a permit: the bucket must not be emptied further than these requests may.
    private static final String FREE_AT = """
            greatest(closed_until, greatest(full_at, now) + ($1::bigint - $2::bigint) * interval '1 us')""";

    /// Parts of a statement: `taken` has a row if there was a permit, and `permit` one that says so, and for how many
    /// microseconds there is none. Its first two parameters are [#parameters]. A condition for taking it may follow.
    static final String TAKE = """
            clock AS MATERIALIZED (SELECT clock_timestamp() AS now), taken AS (
              UPDATE polar_requests SET full_at = greatest(full_at, now) + $1::bigint * interval '1 us' FROM clock
              WHERE %1$s <= now %%1$s
              RETURNING set_config('synchronous_commit', 'off', true) -- a crash may forget some permits
            ), permit AS (
              SELECT EXISTS (SELECT FROM taken) AS is_taken, (extract(epoch FROM %1$s - now) * 1000000)::bigint AS wait
              FROM polar_requests, clock
            )
            """.formatted(FREE_AT);

    private static final String TAKE_ONLY = "WITH " + TAKE.formatted("") + "SELECT is_taken, wait FROM permit";

    private static final String CLOSE = """
            UPDATE polar_requests
            SET closed_until = greatest(closed_until, clock_timestamp() + $1::bigint * interval '1 us')
            """;

    private static final long RACE = 10_000;

    private final Pool pool;
    private final Rate rate;
    private final Duration limit;

    /// @param limit how long the database may take for a permit
    SharedPermits(Pool pool, Rate rate, Duration limit) {
        this.pool = pool;
        this.rate = rate;
        this.limit = limit;
    }

    @Override
    public Optional<Duration> take(Purpose purpose) {
        Row row = await(Statements.execute(pool, TAKE_ONLY, parameters(rate, purpose)), limit).iterator().next();
        return wait(row, 0);
    }

    /// Of [#TAKE].
    static Tuple parameters(Rate rate, Purpose purpose) {
        return Tuple.of(micros(rate.interval()), micros(rate.burst(purpose)));
    }

    /// Reads the columns `is_taken` and `wait`. Of two replicas that take the last permit at the same time, one reads
    /// it as free and does not get it.
    static Optional<Duration> wait(Row row, int column) {
        return row.getBoolean(column)
                ? Optional.empty()
                : Optional.of(micros(Math.max(row.getLong(column + 1), RACE)));
    }

    @Override
    public void close(Duration time) {
        await(Statements.execute(pool, CLOSE, Tuple.of(micros(time))), limit);
    }

    private static long micros(Duration time) {
        return time.dividedBy(micros(1));
    }

    private static Duration micros(long time) {
        return Duration.of(time, ChronoUnit.MICROS);
    }
}
