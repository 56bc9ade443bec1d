package dev.plinto.polar.billing.idempotency;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.postgres.DatabaseAway;
import dev.plinto.polar.postgres.Statements;
import dev.plinto.polar.telemetry.LastingThreads;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// Deletes requests that no sending can repeat any more, with their answers, which may be personal. Every replica that
/// takes requests does it; they take different rows.
@ApplicationScoped
class ForgetIdempotentRequests {

    private static final Duration PERIOD = Duration.ofMinutes(5);
    static final int SLICE = 500;
    /// In a period, so that the work is bounded; far more than come.
    private static final int MOST_SLICES = 200;

    private static final String FORGET = """
            DELETE FROM idempotent_requests WHERE id IN (
              SELECT id FROM idempotent_requests
              WHERE same_until < clock_timestamp()
                AND (state = 'answered' OR lease_until < clock_timestamp() - $1 * interval '1 ms')
              ORDER BY same_until LIMIT $2 FOR UPDATE SKIP LOCKED)
            RETURNING call, begun, status, answer
            """;

    private final Pool pool;
    private final Roles roles;
    private final Event<ForgottenRequests> observers;
    private @Nullable ScheduledExecutorService thread;

    ForgetIdempotentRequests(Pool pool, Roles roles, Event<ForgottenRequests> observers) {
        this.pool = pool;
        this.roles = roles;
        this.observers = observers;
    }

    void start(@Observes StartupEvent event) {
        if (roles.include(Role.API)) {
            thread = LastingThreads.scheduler("idempotent requests");
            thread.scheduleWithFixedDelay(this::forgetOrRetryLater, PERIOD.toSeconds(), PERIOD.toSeconds(),
                    TimeUnit.SECONDS);
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        if (thread != null) {
            thread.shutdownNow();
        }
    }

    private void forgetOrRetryLater() {
        try {
            forget();
        } catch (RuntimeException failure) {
            Log.warnf("Cannot delete answers to requests that are older than %d h; retrying in %d min: %s",
                    IdempotentRequests.KEY.toHours(), PERIOD.toMinutes(), DatabaseAway.describe(failure));
        }
    }

    void forget() {
        for (int slice = 0; slice < MOST_SLICES; slice++) {
            RowSet<Row> forgotten = await(Statements.execute(pool, FORGET,
                    Tuple.of(IdempotentRequests.KEY.toMillis(), SLICE)));
            tell(forgotten);
            if (forgotten.rowCount() < SLICE) {
                return;
            }
        }
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
