package dev.plinto.polar.provider;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.postgres.Statements;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/// Counts the calls of providers' APIs for each organization, of all replicas and providers together: at most 20 in any
/// minute, so that no organization uses up what a provider allows all of them.
@ApplicationScoped
public class OrganizationLimit {

    public static final int PER_MINUTE = 20;

    /// A part of a statement that counts a call; it has a row if the call may be made. `%1$s` is the parameter with the
    /// organization, `%2$s` the one with [#PER_MINUTE]. The array has the last calls that count.
    public static final String COUNTED = """
            counted AS (
              INSERT INTO polar_organization_calls AS calls (organization, called_at)
              VALUES (%1$s, ARRAY[clock_timestamp()])
              ON CONFLICT (organization) DO UPDATE
              SET called_at = (calls.called_at || excluded.called_at)
                              [greatest(cardinality(calls.called_at) + 2 - %2$s, 1):]
              WHERE cardinality(calls.called_at) < %2$s
                 OR calls.called_at[1] <= clock_timestamp() - interval '1 minute'
              RETURNING set_config('synchronous_commit', 'off', true) -- a crash may forget some calls
            )""";
    /// Two columns: whether the call is counted, and for how many milliseconds no other one will be.
    public static final String ANSWER = """
            EXISTS (SELECT FROM counted),
            (SELECT (extract(epoch FROM called_at[1] + interval '1 minute' - clock_timestamp()) * 1000)::bigint
             FROM polar_organization_calls WHERE organization = %1$s)""";

    private static final String COUNT = "WITH " + COUNTED.formatted("$1", "$2") + " SELECT " + ANSWER.formatted("$1");

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Pool pool;

    OrganizationLimit(Pool pool) {
        this.pool = pool;
    }

    /// Counts a call. Fails while the database is away: the limit holds then too.
    ///
    /// @return for how long the organization may make none; empty if this one may be made
    public Optional<Duration> exceededFor(String organization) {
        return wait(await(Statements.execute(pool, COUNT, Tuple.of(organization, PER_MINUTE)), PATIENCE).iterator()
                .next());
    }

    /// Reads the columns of [#ANSWER], the first ones of the row.
    public static Optional<Duration> wait(Row row) {
        Long millis = row.getLong(1);
        return row.getBoolean(0)
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(millis == null ? 1 : Math.max(millis, 1)));
    }
}
