package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.postgres.DatabaseAway;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.logging.Log;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/// The table of customers that are still to be registered, one for each organization. Each method is one short
/// transaction, in a thread that may block.
@ApplicationScoped
class CustomerRequestStore {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final String ACCEPT = """
            INSERT INTO customer_requests
              (organization, id, email, proof, name, country, locale, user_id, actor_kind, actor, request_id)
            VALUES (:organization, :id, :email, :proof, :name, :country, :locale, :user, :kind, :actor, :request)
            ON CONFLICT (organization) DO UPDATE
            SET id = excluded.id, email = excluded.email, proof = excluded.proof, name = excluded.name,
                country = excluded.country, locale = excluded.locale, user_id = excluded.user_id,
                actor_kind = excluded.actor_kind, actor = excluded.actor, request_id = excluded.request_id,
                requested_at = excluded.requested_at, due_at = excluded.due_at, attempt = 0
            """;
    /// Those that another replica is taking are left to it, and those of an organization that is being erased to the
    /// erasure.
    private static final String DUE = """
            SELECT * FROM customer_requests WHERE due_at <= clock_timestamp()
              AND NOT EXISTS (SELECT FROM erasures WHERE erasures.organization = customer_requests.organization
                              AND completed_at IS NULL)
            ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
            """;
    private static final String FORGET = """
            DELETE FROM customer_requests WHERE organization = :organization AND id = :id AND attempt = :attempt
            """;
    private static final String RETRY = """
            UPDATE customer_requests SET due_at = clock_timestamp() + :wait * interval '1 ms'
            WHERE organization = :organization AND id = :id AND attempt = :attempt
            """;

    /// Instead of the one that waits. Throws 503 `database-unavailable` if it cannot be stored.
    void accept(WantedCustomer wanted, Actor actor) {
        try {
            transaction(session -> session.createNativeQuery(ACCEPT)
                    .setParameter("organization", wanted.organization())
                    .setParameter("id", UUID.randomUUID().toString())
                    .setParameter("email", wanted.email())
                    .setParameter("proof", wanted.proof().name())
                    .setParameter("name", wanted.name())
                    .setParameter("country", wanted.country())
                    .setParameter("locale", wanted.locale())
                    .setParameter("user", wanted.user())
                    .setParameter("kind", actor.kind().name())
                    .setParameter("actor", actor.subject())
                    .setParameter("request", actor.requestId())
                    .executeUpdate());
        } catch (RuntimeException failure) {
            if (!DatabaseAway.isCauseOf(failure)) {
                throw failure;
            }
            Log.warnf("Answered a request for a customer with 503, because it could not be stored: %s",
                    DatabaseAway.describe(failure));
            throw Problem.databaseUnavailable();
        }
    }

    /// The one that has been due for longest, which nobody else gets for the time of the lease.
    Optional<CustomerRequest.Attempt> take(Duration lease) {
        return transaction(session -> session.createNativeQuery(DUE, CustomerRequest.class).getSingleResultOrNull()
                .onItem().ifNotNull().transformToUni(row -> session
                        .createNativeQuery("SELECT clock_timestamp()", Instant.class).getSingleResult()
                        .map(now -> row.take(now, lease)))
                .map(Optional::ofNullable));
    }

    /// Deletes the request, which is personal, unless another one or another attempt has taken its place.
    void forget(CustomerRequest.Attempt attempt) {
        change(FORGET, attempt, Map.of());
    }

    void retry(CustomerRequest.Attempt attempt, Duration wait) {
        change(RETRY, attempt, Map.of("wait", wait.toMillis()));
    }

    private static void change(String sql, CustomerRequest.Attempt attempt, Map<String, Object> parameters) {
        transaction(session -> {
            Mutiny.MutationQuery statement = session.createNativeQuery(sql)
                    .setParameter("organization", attempt.wanted().organization())
                    .setParameter("id", attempt.id())
                    .setParameter("attempt", attempt.number());
            parameters.forEach(statement::setParameter);
            return statement.executeUpdate();
        });
    }

    /// On a context of its own, since two transactions in one disturb each other. A transaction that takes too long is
    /// left to its end: to cancel it would close its session before PostgreSQL answers the statement.
    private static <T> T transaction(Function<Mutiny.Session, Uni<T>> work) {
        try {
            return VertxContextSupport.subscribeAndAwait(() -> Panache
                    .withTransaction(() -> Panache.getSession().<T>flatMap(work::apply)).memoize().indefinitely()
                    .ifNoItem().after(LIMIT).fail());
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IllegalStateException(failure);
        }
    }
}
