package dev.plinto.polar.reconcile;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.polar.PolarObject.Kind;
import dev.plinto.polar.polar.Snapshot;
import dev.plinto.polar.postgres.Statements;
import dev.plinto.polar.postgres.Timestamps;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;

/// What runs have read of Polar's lists, and what they read next of those that Polar shows in parts only. Like the rest
/// of a run's progress, only the holder of the lease can change it.
@ApplicationScoped
class ListStore {

    private final Pool pool;
    private final RunStore runs;

    ListStore(Pool pool, RunStore runs) {
        this.pool = pool;
        this.runs = runs;
    }

    /// What runs have read of Polar's list of the kind.
    ListRead listRead(Kind kind) {
        RowSet<Row> rows = await(Statements.execute(pool,
                "SELECT read_at, whole_at FROM reconciliation_lists WHERE kind = $1", Tuple.of(kind.wireName())));
        return rows.size() == 0 ? ListRead.NEVER : ListRead.of(rows.iterator().next());
    }

    /// Records that this run has read the list, and that what it repaired is projected. Of snapshots of the kind that a
    /// replica of an older release has only kept, nothing is projected: then nothing is recorded.
    ///
    /// It counts as read when the run began: what was created later may have come before the first page.
    ///
    /// @param now     by Polar's clock
    /// @param isWhole whether back to the first object
    void saveListRead(String holder, Kind kind, Instant now, boolean isWhole) {
        runs.fenced("""
                WITH held AS (
                  SELECT $3::timestamptz - (clock_timestamp() - started_at) AS began FROM reconciliation WHERE %s
                ), read AS (
                  INSERT INTO reconciliation_lists (kind, read_at, whole_at)
                  SELECT $2::text, began, CASE WHEN $4 THEN began END
                  FROM held WHERE NOT EXISTS (SELECT FROM inbox WHERE outcome = 'unknown_type' AND type = $5)
                  ON CONFLICT (kind) DO UPDATE SET read_at = excluded.read_at,
                    whole_at = coalesce(excluded.whole_at, reconciliation_lists.whole_at)
                )
                SELECT 1 FROM held
                """.formatted(RunStore.LEASE_HELD),
                Tuple.of(holder, kind.wireName(), Timestamps.ofInstant(now), isWhole,
                        Snapshot.TYPE + ":" + kind.wireName()));
    }

    /// Whose members or seats a run reads next, by id: the first ones after those that it has [read][#markRead].
    ///
    /// @param isWhole for members, whether of all customers; otherwise of those with seats or with several members
    List<ListScope> findScopes(Kind kind, boolean isWhole, int limit) {
        String scopes = switch (kind) {
            case MEMBER -> """
                    SELECT id, 'CUSTOMER' FROM customers
                    WHERE deleted_at IS NULL AND said_at IS NOT NULL AND id > %1$s AND ($3
                      OR EXISTS (SELECT FROM members WHERE customer_id = customers.id AND deleted_at IS NULL OFFSET 1)
                      OR EXISTS (SELECT FROM subscriptions WHERE customer_id = customers.id AND seats > 0)
                      OR EXISTS (SELECT FROM orders WHERE customer_id = customers.id AND seats > 0))
                    """;
            case SEAT -> """
                    SELECT id, 'SUBSCRIPTION' FROM subscriptions
                    WHERE seats > 0 AND id > %1$s AND $3 AND (ended_at IS NULL OR EXISTS (
                      SELECT FROM seats WHERE subscription_id = subscriptions.id AND status <> 'revoked'))
                    UNION ALL
                    SELECT id, 'ORDER' FROM orders
                    WHERE seats > 0 AND id > %1$s AND subscription_id IS NULL AND status IS DISTINCT FROM 'refunded'
                    """;
            case CUSTOMER, SUBSCRIPTION, GRANT, PRODUCT, METER, ORDER, CHECKOUT, CUSTOMER_METER ->
                throw new IllegalArgumentException("Polar has a list of all objects of the kind " + kind.wireName());
        };
        String lastRead = "coalesce((SELECT max(id) FROM reconciliation_seen WHERE kind = $1), '')";
        return StreamSupport.stream(await(Statements.execute(pool,
                scopes.formatted(lastRead) + " ORDER BY 1 LIMIT $2", Tuple.of(readOf(kind), limit, isWhole)))
                .spliterator(), false)
                .map(row -> new ListScope(ListScope.Holder.valueOf(row.getString(1)), row.getString(0))).toList();
    }

    /// Records that this run has read these members or seats, or that Polar does not show them.
    ///
    /// @param isShown whether what is not among them is [missing][RunStore#findMissing]
    void markRead(String holder, Kind kind, ListScope scope, boolean isShown) {
        if (isShown) {
            runs.markSeen(holder, shownOf(kind), List.of(scope.id()));
        }
        runs.markSeen(holder, readOf(kind), List.of(scope.id()));
    }

    private static String readOf(Kind kind) {
        return kind.wireName() + "_read";
    }

    /// Marks customers whose members were shown.
    static String shownOf(Kind kind) {
        return kind.wireName() + "_shown";
    }
}
