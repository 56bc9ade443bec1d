package dev.plinto.polar.billing.idempotency;

import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.ActionRow;
import dev.plinto.polar.audit.AuditRows;
import dev.plinto.polar.audit.AuditRows.Change;
import dev.plinto.polar.audit.ResultRow;
import dev.plinto.polar.postgres.DatabaseAway;
import dev.plinto.polar.postgres.Statements;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/// The table of requests. Each method is one short transaction, which has ended before a provider is called. Fails with
/// 503 `database-unavailable` if the database does not answer. What is changed may then be committed all the same, even
/// later: it counts for its attempt only, and says no more than that this one may have acted.
///
/// A claim need not survive a crash of the database, since nothing was done by it: its commit does not wait for the
/// disk. The next one, before a provider is called, does.
@ApplicationScoped
class IdempotentRequestStore {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final String CLAIM = """
            INSERT INTO idempotent_requests (id, organization, call, body_sha256, lease_until, same_until)
            VALUES ($1, $2, $3, $4, clock_timestamp() + $5 * interval '1 ms', clock_timestamp() + $6 * interval '1 ms')
            ON CONFLICT DO NOTHING RETURNING set_config('synchronous_commit', 'off', true)
            """;
    private static final String BEGIN = """
            UPDATE idempotent_requests
            SET state = 'acting', progress = $3, begun = $3, lease_until = clock_timestamp() + $4 * interval '1 ms'
            WHERE id = $1 AND attempt = $2 AND state <> 'answered' RETURNING id
            """;
    private static final String ANSWER = """
            UPDATE idempotent_requests
            SET state = 'answered', status = $3, answer = $4, checkout_id = $5, progress = NULL
            WHERE id = $1 AND attempt = $2 AND state <> 'answered' RETURNING id
            """;
    private static final String RELEASE = """
            UPDATE idempotent_requests SET lease_until = clock_timestamp()
            WHERE id = $1 AND attempt = $2 AND state <> 'answered' RETURNING id
            """;

    private final Pool pool;
    private final AuditRows audit;

    IdempotentRequestStore(Pool pool, AuditRows audit) {
        this.pool = pool;
        this.audit = audit;
    }

    /// On a context of Vert.x, outside of any transaction.
    ///
    /// @param same for how long an equal request is the same one, from its first sending on
    Uni<Claim> claim(String id, RequestIdentity request, byte[] body, Duration lease, Duration same) {
        return limited(Statements.execute(pool, CLAIM, Tuple.tuple().addString(id).addString(request.organization())
                .addString(request.call()).addBuffer(Buffer.buffer(body))
                .addLong(lease.toMillis()).addLong(same.toMillis())))
                .flatMap(added -> added.rowCount() == 1
                        ? Uni.createFrom().item(new Claim.First(id, 1))
                        : limited(Panache.withTransaction(() -> Panache.getSession()
                                .flatMap(session -> found(session, id, body, lease, same)))))
                .onItem().ifNull().switchTo(() -> claim(id, request, body, lease, same)); // it was just forgotten
    }

    /// Null if there is no row any more.
    private static Uni<Claim> found(Mutiny.Session session, String id, byte[] body, Duration lease, Duration same) {
        return IdempotentRequest.<IdempotentRequest>findById(id, LockModeType.PESSIMISTIC_WRITE)
                .onItem().ifNotNull().transformToUni(row -> session
                        .createNativeQuery("SELECT clock_timestamp()", Instant.class) // after the wait for the lock
                        .getSingleResult()
                        .map(now -> row.claim(body, now, lease, same)));
    }

    /// Whether the attempt may act: false if another one has taken over.
    Uni<Boolean> begin(String id, int attempt, String progress, Duration lease) {
        return change(begun(id, attempt, progress, lease), List.of());
    }

    /// The same, with the row of the action that begins.
    ///
    /// @return the row's id; empty if the attempt may not act
    Uni<Optional<Long>> begin(String id, int attempt, String progress, Duration lease, ActionRow row) {
        return limited(audit.add(begun(id, attempt, progress, lease), row));
    }

    private static Change begun(String id, int attempt, String progress, Duration lease) {
        return new Change(BEGIN, Tuple.of(id, attempt, progress, lease.toMillis()));
    }

    /// Whether it is stored: false if another attempt has taken over.
    ///
    /// @param rows are added with it, also if it is not
    Uni<Boolean> answer(String id, int attempt, Answer answer, List<ResultRow> rows) {
        return change(new Change(ANSWER, Tuple.of(id, attempt, answer.status(), answer.body(),
                answer.checkoutId().orElse(null))), rows);
    }

    /// The next attempt need not wait for the lease to end.
    ///
    /// @param rows are added with it
    Uni<Boolean> release(String id, int attempt, List<ResultRow> rows) {
        return change(new Change(RELEASE, Tuple.of(id, attempt)), rows);
    }

    private Uni<Boolean> change(Change change, List<ResultRow> rows) {
        return limited(audit.add(change, rows));
    }

    /// Work that takes too long is left to its end: to cancel it would close its session before PostgreSQL answers.
    private static <T> Uni<T> limited(Uni<T> work) {
        return work.memoize().indefinitely().ifNoItem().after(LIMIT).fail()
                .onFailure(DatabaseAway::isCauseOf).transform(away -> {
                    Log.warnf("Answered a request with 503, because it could not be recorded: %s",
                            DatabaseAway.describe(away));
                    return Problem.databaseUnavailable();
                });
    }
}
