package dev.plinto.polar.billing;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.billing.idempotency.Answer;
import dev.plinto.polar.billing.idempotency.ForgottenRequests;
import dev.plinto.polar.billing.idempotency.ForgottenRequests.Begun;
import dev.plinto.polar.postgres.Statements;
import dev.plinto.polar.postgres.StoredJson;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Counts the checkouts that nobody was handed: Polar made them, and the answer was lost. A next attempt hands out what
/// it finds, so a checkout counts once its request is forgotten, and the request's answer does not name it. By then it
/// has expired.
@ApplicationScoped
class UnclaimedCheckouts {

    private final Pool pool;
    private final CheckoutMetrics metrics;

    UnclaimedCheckouts(Pool pool, CheckoutMetrics metrics) {
        this.pool = pool;
        this.metrics = metrics;
    }

    void count(@Observes ForgottenRequests requests) {
        List<Begun> begun = requests.begun().stream()
                .filter(request -> request.call().equals(CreateCheckout.CALL)).toList();
        if (!begun.isEmpty()) {
            metrics.unclaimed(await(Statements.execute(pool, """
                    SELECT count(*)
                    FROM unnest($1::text[], $2::text[]) AS request (id, handed_out)
                      JOIN checkouts ON checkouts.request_id = request.id
                    WHERE checkouts.id IS DISTINCT FROM request.handed_out
                    """, Tuple.tuple()
                    .addValue(begun.stream().map(Begun::begun).toArray(String[]::new))
                    .addValue(begun.stream().map(request -> handedOut(request.answer())).toArray(String[]::new))))
                    .iterator().next().getLong(0));
        }
    }

    /// Null if it was answered with none, or not at all.
    private static @Nullable String handedOut(@Nullable Answer answer) {
        return answer == null ? null : StoredJson.read(answer.body()).path(CreateCheckout.CHECKOUT_ID).textValue();
    }
}
