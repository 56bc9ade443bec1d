package dev.plinto.polar.relay;

import io.quarkus.logging.Log;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.pgclient.PgConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Wakes the relay when a transaction on any replica commits messages (`NOTIFY outbox`). A signal may be lost with its
/// connection, so every wait has a limit.
@ApplicationScoped
class OutboxSignal {

    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(5);

    private final Pool pool;
    private final Semaphore signals = new Semaphore(0);
    private volatile @Nullable SqlConnection listening;

    OutboxSignal(Pool pool) {
        this.pool = pool;
    }

    /// Returns at a signal, or after the timeout.
    void await(Duration timeout) throws InterruptedException {
        if (listening == null) {
            listen();
            return; // messages may have been committed before LISTEN
        }
        if (signals.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            signals.drainPermits(); // one read of the outbox serves all signals
        }
    }

    void stop() {
        SqlConnection connection = listening;
        listening = null;
        if (connection != null) {
            connection.query("UNLISTEN outbox").execute().eventually(connection::close)
                    .subscribe().with(done -> {}, failure -> {});
        }
    }

    void wake() {
        signals.release();
    }

    private void listen() {
        SqlConnection connection = pool.getConnection().await().atMost(QUERY_TIMEOUT);
        try {
            listen(connection);
        } catch (RuntimeException failed) {
            listening = null;
            connection.closeAndForget(); // else each retry would leak one from the pool
            throw failed;
        }
    }

    private void listen(SqlConnection connection) {
        PgConnection postgres = PgConnection.cast(connection.getDelegate());
        postgres.notificationHandler(notification -> wake());
        postgres.closeHandler(closed -> {
            Log.debug("The connection that listens for new messages closed; the relay opens another");
            listening = null;
            wake();
        });
        listening = connection; // before LISTEN, so that a close in between is not overwritten
        connection.query("LISTEN outbox").execute().await().atMost(QUERY_TIMEOUT);
    }
}
