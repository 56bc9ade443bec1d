package dev.plinto.polar.polar.api;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.polar.api.Purpose.ForOrganization;
import dev.plinto.polar.postgres.Statements;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Counts the calls for each organization, of all replicas: at most 20 in any minute, so that no organization uses up
/// what Polar allows all of them. By the same statement a call takes its permit of that, since its user waits.
@ApplicationScoped
class OrganizationCalls {

    private static final int PER_MINUTE = 20;
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    /// The array has the last calls that count.
    private static final String COUNT = """
            WITH counted AS (
              INSERT INTO polar_organization_calls AS calls (organization, called_at)
              VALUES ($3, ARRAY[clock_timestamp()])
              ON CONFLICT (organization) DO UPDATE
              SET called_at = (calls.called_at || excluded.called_at)
                              [greatest(cardinality(calls.called_at) + 2 - $4, 1):]
              WHERE cardinality(calls.called_at) < $4
                 OR calls.called_at[1] <= clock_timestamp() - interval '1 minute'
              RETURNING set_config('synchronous_commit', 'off', true) -- a crash may forget some calls
            ),
            """ + SharedPermits.TAKE.formatted("AND EXISTS (SELECT FROM counted)") + """
            SELECT EXISTS (SELECT FROM counted),
                   (SELECT (extract(epoch FROM called_at[1] + interval '1 minute' - clock_timestamp()) * 1000)::bigint
                    FROM polar_organization_calls WHERE organization = $3),
                   is_taken, wait
            FROM permit
            """;

    private static final String FORGET = """
            DELETE FROM polar_organization_calls WHERE organization IN (
              SELECT organization FROM polar_organization_calls
              WHERE called_at[cardinality(called_at)] <= clock_timestamp() - interval '1 minute'
              FOR UPDATE SKIP LOCKED)
            """;

    private final Pool pool;
    private final Rate rate;
    private final AtomicLong forgetAt = new AtomicLong(System.nanoTime());

    @Inject
    OrganizationCalls(Pool pool, PolarConfig config) {
        this(pool, Rate.perMinute(config.api().requestsPerMinute()));
    }

    OrganizationCalls(Pool pool, Rate rate) {
        this.pool = pool;
        this.rate = rate;
    }

    /// Whether a call may be made.
    sealed interface Count {

        /// It is counted.
        ///
        /// @param permitAfter for how long there is no permit for it; empty if it was taken
        record Counted(Optional<Duration> permitAfter) implements Count {}

        /// It is not counted, and no permit was taken.
        ///
        /// @param retryAfter for how long the organization may make none
        record Exceeded(Duration retryAfter) implements Count {}
    }

    /// Fails while the database is away: the limit holds then too.
    Count count(ForOrganization call) {
        forget();
        Row row = await(Statements.execute(pool, COUNT, SharedPermits.parameters(rate, call)
                .addString(call.organization()).addInteger(PER_MINUTE)), RequestBudget.LIMIT).iterator().next();
        return row.getBoolean(0)
                ? new Count.Counted(SharedPermits.wait(row, 2))
                : new Count.Exceeded(Duration.ofMillis(row.getLong(1) == null ? 1 : Math.max(row.getLong(1), 1)));
    }

    /// Drops the rows of organizations without a call in the last minute, once in a while, and lets nobody wait for it.
    private void forget() {
        long now = System.nanoTime();
        long due = forgetAt.get();
        if (now - due >= 0 && forgetAt.compareAndSet(due, now + MINUTE)) {
            Statements.execute(pool, FORGET).subscribe().with(dropped -> {}, databaseAway -> {}); // the next time then
        }
    }
}
