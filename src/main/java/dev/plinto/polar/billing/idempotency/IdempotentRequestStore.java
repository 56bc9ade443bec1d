package dev.plinto.polar.billing.idempotency;

import dev.plinto.polar.Problem;
import dev.plinto.polar.postgres.DatabaseAway;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import org.hibernate.reactive.mutiny.Mutiny;

/// The table of requests. Each method is one short transaction, which has ended before a provider is called. Fails with
/// 503 `database-unavailable` if the database does not answer.
///
/// A claim need not survive a crash of the database, since nothing was done by it: its commit does not wait for the
/// disk. The next one, before a provider is called, does.
@ApplicationScoped
class IdempotentRequestStore {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final String CLAIM = """
            INSERT INTO idempotent_requests (id, organization, call, body_sha256, lease_until, same_until)
            VALUES (:id, :organization, :call, :body,
                    clock_timestamp() + :lease * interval '1 ms', clock_timestamp() + :same * interval '1 ms')
            ON CONFLICT DO NOTHING RETURNING set_config('synchronous_commit', 'off', true)
            """;
    private static final String BEGIN = """
            UPDATE idempotent_requests
            SET state = 'acting', progress = :progress, begun = :progress,
                lease_until = clock_timestamp() + :lease * interval '1 ms'
            WHERE id = :id AND attempt = :attempt AND state <> 'answered'
            """;
    private static final String ANSWER = """
            UPDATE idempotent_requests
            SET state = 'answered', status = :status, answer = :answer, checkout_id = nullif(:checkout, ''),
                progress = NULL
            WHERE id = :id AND attempt = :attempt AND state <> 'answered'
            """;
    private static final String RELEASE = """
            UPDATE idempotent_requests SET lease_until = clock_timestamp()
            WHERE id = :id AND attempt = :attempt AND state <> 'answered'
            """;

    /// @param same for how long an equal request is the same one, from its first sending on
    Uni<Claim> claim(String id, RequestIdentity request, byte[] body, Duration lease, Duration same) {
        return limited(Panache.withSession(() -> Panache.getSession().flatMap(session -> session
                .createNativeQuery(CLAIM)
                .setParameter("id", id)
                .setParameter("organization", request.organization())
                .setParameter("call", request.call())
                .setParameter("body", body)
                .setParameter("lease", lease.toMillis())
                .setParameter("same", same.toMillis())
                .executeUpdate())))
                .flatMap(added -> added == 1
                        ? Uni.createFrom().item(new Claim.First(id, 1))
                        : transaction(() -> Panache.getSession()
                                .flatMap(session -> found(session, id, body, lease, same))))
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
    ///
    /// @param rows are added in the same transaction if it may
    Uni<Boolean> begin(String id, int attempt, String progress, Duration lease, Supplier<Uni<Void>> rows) {
        return transaction(() -> change(BEGIN, id, attempt,
                Map.of("progress", progress, "lease", lease.toMillis()))
                .call(mayAct -> mayAct ? rows.get() : Uni.createFrom().voidItem()));
    }

    /// Whether it is stored: false if another attempt has taken over.
    ///
    /// @param rows are added in the same transaction, also if it is not
    Uni<Boolean> answer(String id, int attempt, Answer answer, Supplier<Uni<Void>> rows) {
        return transaction(() -> change(ANSWER, id, attempt, Map.of("status", (short) answer.status(),
                "answer", answer.body(), "checkout", answer.checkoutId().orElse("")))
                .call(rows::get));
    }

    /// The next attempt need not wait for the lease to end.
    ///
    /// @param rows are added in the same transaction
    Uni<Boolean> release(String id, int attempt, Supplier<Uni<Void>> rows) {
        return transaction(() -> change(RELEASE, id, attempt, Map.of()).call(rows::get));
    }

    private static Uni<Boolean> change(String sql, String id, int attempt, Map<String, Object> parameters) {
        return Panache.getSession().flatMap(session -> {
            Mutiny.MutationQuery statement = session.createNativeQuery(sql)
                    .setParameter("id", id).setParameter("attempt", attempt);
            parameters.forEach(statement::setParameter);
            return statement.executeUpdate();
        }).map(changed -> changed == 1);
    }

    private static <T> Uni<T> transaction(Supplier<Uni<T>> work) {
        return limited(Panache.withTransaction(work));
    }

    private static <T> Uni<T> limited(Uni<T> work) {
        return work.ifNoItem().after(LIMIT).fail()
                .onFailure(DatabaseAway::isCauseOf).transform(away -> {
                    Log.warnf("Answered a request with 503, because it could not be recorded: %s",
                            DatabaseAway.describe(away));
                    return Problem.databaseUnavailable();
                });
    }
}
