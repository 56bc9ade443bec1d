package dev.plinto.polar.billing.idempotency;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.postgres.ExpiredRows;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.stream.StreamSupport;

/// Deletes requests that no sending can repeat any more, with their answers, which may be personal. Every replica that
/// takes requests does it; they take different rows.
@ApplicationScoped
class ForgetIdempotentRequests {

    static final int SLICE = 500;

    private static final String FORGET = """
            DELETE FROM idempotent_requests WHERE id IN (
              SELECT id FROM idempotent_requests
              WHERE same_until < clock_timestamp()
                AND (state = 'answered' OR lease_until < clock_timestamp() - $1 * interval '1 ms')
              ORDER BY same_until LIMIT $2 FOR UPDATE SKIP LOCKED)
            RETURNING call, begun, status, answer
            """;

    private final Roles roles;
    private final Event<ForgottenRequests> observers;
    private final ExpiredRows requests;

    ForgetIdempotentRequests(Pool pool, Roles roles, Event<ForgottenRequests> observers) {
        this.roles = roles;
        this.observers = observers;
        requests = new ExpiredRows(pool, "answers to idempotent requests", FORGET, IdempotentRequests.KEY, SLICE,
                this::tell);
    }

    void start(@Observes StartupEvent event) {
        if (roles.include(Role.API)) {
            requests.start();
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        requests.stop();
    }

    void forget() {
        requests.delete();
    }

    private void tell(RowSet<Row> forgotten) {
        List<ForgottenRequests.Begun> begun = StreamSupport.stream(forgotten.spliterator(), false)
                .filter(row -> row.getString(1) != null)
                .map(row -> new ForgottenRequests.Begun(row.getString(0), row.getString(1), row.getString(3) == null
                        ? null
                        : new Answer(row.getShort(2), row.getString(3))))
                .toList();
        if (!begun.isEmpty()) {
            observers.fire(new ForgottenRequests(begun));
        }
    }
}
