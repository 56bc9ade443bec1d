package dev.plinto.polar.polar.api;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.polar.api.Purpose.ForOrganization;
import dev.plinto.polar.postgres.Statements;
import dev.plinto.polar.provider.OrganizationLimit;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Counts a call for an organization against its [limit][OrganizationLimit]. By the same statement the call takes its
/// permit of what Polar allows all of them, since its user waits.
@ApplicationScoped
class OrganizationCalls {

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private static final String COUNT = "WITH " + OrganizationLimit.COUNTED.formatted("$3", "$4") + ",\n"
            + SharedPermits.TAKE.formatted("AND EXISTS (SELECT FROM counted)")
            + "SELECT " + OrganizationLimit.ANSWER.formatted("$3") + ", is_taken, wait FROM permit";

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
                .addString(call.organization()).addInteger(OrganizationLimit.PER_MINUTE)), RequestBudget.LIMIT)
                .iterator().next();
        return OrganizationLimit.wait(row).<Count>map(Count.Exceeded::new)
                .orElseGet(() -> new Count.Counted(SharedPermits.wait(row, 2)));
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
