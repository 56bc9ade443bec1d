package dev.plinto.polar.polar.api;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.postgres.Statements;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/// Counts the calls for each organization, of all replicas: at most 20 in any minute, so that no organization uses up
/// what Polar allows all of them.
@ApplicationScoped
class OrganizationCalls {

    private static final int PER_MINUTE = 20;

    /// The array has the last calls that count. It also drops rows of organizations without a call in the last minute.
    private static final String COUNT = """
            WITH counted AS (
              INSERT INTO polar_organization_calls AS calls (organization, called_at)
              VALUES ($1, ARRAY[clock_timestamp()])
              ON CONFLICT (organization) DO UPDATE
              SET called_at = (calls.called_at || excluded.called_at)
                              [greatest(cardinality(calls.called_at) + 2 - $2, 1):]
              WHERE cardinality(calls.called_at) < $2
                 OR calls.called_at[1] <= clock_timestamp() - interval '1 minute'
              RETURNING set_config('synchronous_commit', 'off', true) -- a crash may forget some calls
            ), dropped AS (
              DELETE FROM polar_organization_calls WHERE organization IN (
                SELECT organization FROM polar_organization_calls
                WHERE organization <> $1
                  AND called_at[cardinality(called_at)] <= clock_timestamp() - interval '1 minute'
                LIMIT 100 FOR UPDATE SKIP LOCKED)
            )
            SELECT EXISTS (SELECT FROM counted),
                   (SELECT (extract(epoch FROM called_at[1] + interval '1 minute' - clock_timestamp()) * 1000)::bigint
                    FROM polar_organization_calls WHERE organization = $1)
            """;

    private final Pool pool;

    OrganizationCalls(Pool pool) {
        this.pool = pool;
    }

    /// Counts one call; or counts none, and returns for how long the organization may make none. Fails while the
    /// database is away: the limit holds then too.
    Optional<Duration> count(String organization) {
        Row row = await(Statements.execute(pool, COUNT, Tuple.of(organization, PER_MINUTE)), RequestBudget.LIMIT)
                .iterator().next();
        return row.getBoolean(0)
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(row.getLong(1) == null ? 1 : Math.max(row.getLong(1), 1)));
    }
}
