package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import dev.plinto.polar.billing.idempotency.IdempotentRequests;
import dev.plinto.polar.postgres.RequestQueries;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;

/// The right to begin a subscription of a group for an organization, which one request has at a time. It has it until
/// its subscription is known here, since until then [SalesRules#requireNotHeld] does not see that one, or until nothing
/// comes of it; if neither is ever known, for the time of the lease. Only for threads that may block.
@ApplicationScoped
class GroupLeases {

    /// The same request has it again, in a later attempt.
    private static final String TAKE = """
            INSERT INTO subscription_starts AS lease (organization, product_group, request, lease_until)
            VALUES ($1, $2, $3, clock_timestamp() + $4 * interval '1 ms')
            ON CONFLICT (organization, product_group) DO UPDATE
            SET request = excluded.request, lease_until = excluded.lease_until
            WHERE lease.request = excluded.request OR lease.lease_until <= clock_timestamp()
            RETURNING true
            """;
    private static final String RELEASE = """
            DELETE FROM subscription_starts WHERE organization = $1 AND request = $2 RETURNING true
            """;
    private static final String RELEASE_IF_KNOWN = """
            DELETE FROM subscription_starts AS lease
            WHERE organization = $1 AND request = $2 AND EXISTS (
              SELECT FROM live_subscriptions AS live
              WHERE live.account = lease.organization AND live.product_group = lease.product_group)
            RETURNING true
            """;

    private final RequestQueries queries;

    GroupLeases(RequestQueries queries) {
        this.queries = queries;
    }

    /// Throws 409 `request-in-progress` while another request has it.
    ///
    /// @param request its id in the subscription's metadata
    void take(String organization, String group, String request) {
        if (queries.change(TAKE, Tuple.of(organization, group, request, IdempotentRequests.LEASE.toMillis()),
                row -> true).await().indefinitely().isEmpty()) {
            throw inProgress();
        }
    }

    /// After a request of which nothing came.
    void release(String organization, String request) {
        queries.change(RELEASE, Tuple.of(organization, request), row -> true).await().indefinitely();
    }

    /// After a subscription was begun.
    void releaseIfKnown(String organization, String request) {
        queries.change(RELEASE_IF_KNOWN, Tuple.of(organization, request), row -> true).await().indefinitely();
    }

    private static WebApplicationException inProgress() {
        Problem problem = new Problem("request-in-progress", 409, "Another subscription of this kind is being begun",
                "Nothing was done. Send it again after the time in Retry-After, with the same Idempotency-Key: then "
                        + "what came of the other request is known.");
        return new WebApplicationException(problem.title(),
                problem.responseBuilder().header(HttpHeaders.RETRY_AFTER, 1).build());
    }
}
