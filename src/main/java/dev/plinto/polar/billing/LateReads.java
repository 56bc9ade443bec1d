package dev.plinto.polar.billing;

import dev.plinto.polar.postgres.Answers;
import dev.plinto.polar.postgres.Statements;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// Which purchases a replica may read at the provider now. A checkout is read at most every 15 s over all replicas. An
/// organization has one reading in 10 s and all together have 30 in a minute, or a few more when replicas ask at the
/// same moment: the rest of what the provider allows is for what people ask for.
@ApplicationScoped
class LateReads {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int MOST_AT_ONCE = 3;

    /// It also drops rows that nobody needs.
    private static final String CLAIM = """
            WITH late AS (
              SELECT DISTINCT ON (late.organization) id, late.organization, is_urgent, read_at, place
              FROM unnest($1::text[], $2::text[], $3::boolean[])
                     WITH ORDINALITY AS late (id, organization, is_urgent, place)
                LEFT JOIN activation_reads AS before ON before.checkout_id = id
              WHERE (read_at IS NULL OR read_at <= now() - interval '15 seconds')
                AND NOT EXISTS (SELECT FROM activation_reads AS others WHERE others.organization = late.organization
                                  AND others.read_at > now() - interval '10 seconds')
              ORDER BY late.organization, is_urgent DESC, read_at NULLS FIRST, place
            ), next AS (
              SELECT id, organization FROM late ORDER BY is_urgent DESC, read_at NULLS FIRST, place
              LIMIT greatest(0, least($4::bigint, 30 - (
                SELECT count(*) FROM activation_reads WHERE read_at > now() - interval '1 minute')))
            ), dropped AS (
              DELETE FROM activation_reads WHERE checkout_id IN (
                SELECT checkout_id FROM activation_reads
                WHERE read_at < now() - interval '1 hour' AND checkout_id <> ALL ($1)
                LIMIT 100 FOR UPDATE SKIP LOCKED)
            )
            INSERT INTO activation_reads AS reads (checkout_id, organization, read_at)
            SELECT id, organization, now() FROM next ORDER BY id
            ON CONFLICT (checkout_id) DO UPDATE SET read_at = excluded.read_at
            WHERE reads.read_at <= now() - interval '15 seconds'
            RETURNING checkout_id
            """;

    private final Pool pool;

    LateReads(Pool pool) {
        this.pool = pool;
    }

    /// Those that have succeeded go first, then those that were not read yet, or longest ago.
    ///
    /// @param late each with an organization
    /// @return the checkouts that the caller must read now
    Set<String> claim(List<Purchase> late) {
        Tuple parameters = Tuple.of(late.stream().map(Purchase::checkoutId).toArray(String[]::new),
                late.stream().map(Purchase::organizationId).toArray(String[]::new),
                late.stream().map(Purchase::hasSucceeded).toArray(Boolean[]::new), MOST_AT_ONCE);
        return StreamSupport.stream(Answers.await(Statements.execute(pool, CLAIM, parameters), LIMIT).spliterator(),
                false).map(row -> row.getString(0)).collect(Collectors.toSet());
    }
}
