package dev.plinto.polar.reconcile;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.entitlement.DueRead;
import dev.plinto.polar.postgres.Statements;
import dev.plinto.polar.postgres.Timestamps;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.StreamSupport;

/// The due reads of Conekta's objects. A replica has each for a limited time: what one does not finish, another one
/// reads again. Leases end by the database's clock; what is due when, the caller says.
@ApplicationScoped
class DueReadQueue {

    /// Longer than a read takes: the answer, the broker and the database, each with its own limit.
    static final Duration LEASE = Duration.ofMinutes(2);
    /// After the newest statement. A reading that was 60 s later speaks after it; the rest is for the clocks.
    static final Duration REPEAT = Duration.ofSeconds(90);
    private static final Duration AT_LEAST = Duration.ofSeconds(10);
    private static final Duration AFTER_PERIOD = Duration.ofMinutes(2);

    private final Pool pool;

    DueReadQueue(Pool pool) {
        this.pool = pool;
    }

    /// @param failures since it was last read
    record Taken(DueRead read, int failures) {}

    /// The one that has been due for longest, of those that nobody reads.
    Optional<Taken> take(Instant now) {
        return StreamSupport.stream(await(Statements.execute(pool, """
                UPDATE due_reads
                SET leased_until = clock_timestamp() + $2::bigint * interval '1 millisecond'
                WHERE (kind, id) IN (
                  SELECT kind, id FROM due_reads
                  WHERE provider = 'conekta' AND due_at <= $1
                    AND (leased_until IS NULL OR leased_until <= clock_timestamp())
                  ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
                RETURNING kind, id, customer_id, reason, speaks_after, failures
                """, Tuple.of(Timestamps.ofInstant(now), LEASE.toMillis()))).spliterator(), false)
                .map(DueReadQueue::taken).findFirst();
    }

    private static Taken taken(Row row) {
        return new Taken(
                new DueRead(DueRead.Kind.of(row.getString(0)).orElseThrow(), row.getString(1), row.getString(2),
                        DueRead.Reason.of(row.getString(3)), row.getOffsetDateTime(4).toInstant()),
                row.getInteger(5));
    }

    /// A snapshot that speaks as of this moment is in the raw topic: the read is done, or due again once a reading
    /// speaks after all that was told.
    void read(Taken taken, Instant moment, Instant now) {
        await(Statements.execute(pool, """
                WITH done AS (
                  DELETE FROM due_reads WHERE kind = $1 AND id = $2 AND speaks_after < $3)
                UPDATE due_reads
                SET due_at = greatest(speaks_after + $5::bigint * interval '1 millisecond',
                                      $4::timestamptz + $6::bigint * interval '1 millisecond'),
                    failures = 0, leased_until = NULL
                WHERE kind = $1 AND id = $2 AND speaks_after >= $3
                """, key(taken).addOffsetDateTime(Timestamps.ofInstant(moment))
                .addOffsetDateTime(Timestamps.ofInstant(now)).addLong(REPEAT.toMillis())
                .addLong(AT_LEAST.toMillis())));
    }

    /// The provider does not have the object. It is read again if it was told of meanwhile.
    void gone(Taken taken) {
        await(Statements.execute(pool, """
                WITH done AS (
                  DELETE FROM due_reads WHERE kind = $1 AND id = $2 AND speaks_after <= $3)
                UPDATE due_reads SET failures = 0, leased_until = NULL
                WHERE kind = $1 AND id = $2 AND speaks_after > $3
                """, key(taken).addOffsetDateTime(Timestamps.ofInstant(taken.read().speaksAfter()))));
    }

    /// @param until when it is tried again
    void failed(Taken taken, Instant until) {
        await(Statements.execute(pool, """
                UPDATE due_reads SET failures = failures + 1, due_at = $3, leased_until = NULL
                WHERE kind = $1 AND id = $2
                """, key(taken).addOffsetDateTime(Timestamps.ofInstant(until))));
    }

    /// Each live subscription whose period has been over for 2 min, and of which nothing was told since, once.
    void addEndedPeriods(Instant now) {
        await(Statements.execute(pool, """
                WITH ended AS (
                  SELECT id, customer_id, current_period_end FROM subscriptions
                  WHERE starts_with(id, 'conekta:') AND status IN ('active', 'trialing', 'past_due', 'canceled')
                    AND current_period_end <= $1::timestamptz - $2::bigint * interval '1 millisecond'
                    AND said_at < current_period_end
                    AND NOT EXISTS (SELECT FROM period_reads
                                    WHERE subscription_id = subscriptions.id AND period_end = current_period_end)
                  ORDER BY current_period_end, id LIMIT 1000
                ), asked AS (
                  INSERT INTO period_reads (subscription_id, period_end)
                  SELECT id, current_period_end FROM ended
                  ON CONFLICT (subscription_id) DO UPDATE SET period_end = excluded.period_end)
                INSERT INTO due_reads (provider, kind, id, customer_id, reason, speaks_after, due_at)
                SELECT 'conekta', 'subscription', id, customer_id, 'period_end', current_period_end, $1::timestamptz
                FROM ended
                ON CONFLICT (kind, id) DO UPDATE
                SET speaks_after = greatest(due_reads.speaks_after, excluded.speaks_after)
                """, Tuple.of(Timestamps.ofInstant(now), AFTER_PERIOD.toMillis())));
    }

    /// Each subscription to one of the plans for which no product was set when it was last told of.
    ///
    /// @param plans as they are stored without a product
    void addMappedPlans(Collection<String> plans, Instant now) {
        await(Statements.execute(pool, """
                INSERT INTO due_reads (provider, kind, id, customer_id, reason, speaks_after, due_at)
                SELECT 'conekta', 'subscription', id, customer_id, 'mapped_plan', said_at, $2
                FROM subscriptions WHERE product_id = ANY ($1) AND id LIKE 'conekta:%'
                ON CONFLICT (kind, id) DO NOTHING
                """, Tuple.of(plans.toArray(String[]::new), Timestamps.ofInstant(now))));
    }

    /// How many are due and not done, those included that failed and wait for the next attempt.
    long waiting(Instant now) {
        return await(Statements.execute(pool, "SELECT count(*) FROM due_reads WHERE due_at <= $1 OR failures > 0",
                Tuple.of(Timestamps.ofInstant(now)))).iterator().next().getLong(0);
    }

    private static Tuple key(Taken taken) {
        return Tuple.of(taken.read().kind().wireName(), taken.read().id());
    }
}
