package dev.plinto.polar.relay;

import io.quarkus.logging.Log;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.pgclient.PgConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Wakes the relay when a transaction that left messages commits, on whichever replica (`NOTIFY outbox`). A signal may
/// be lost with its connection, so nobody waits for one for ever.
@ApplicationScoped
class OutboxSignal {

    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final Pool pool;
    private final Semaphore signals = new Semaphore(0);
    private volatile SqlConnection listening;

    OutboxSignal(Pool pool) {
        this.pool = pool;
    }

    /// Returns at a signal, or after the time.
    void await(Duration atMost) throws InterruptedException {
        if (listening == null) {
            listen();
            return; // something may have been committed before we listened
        }
        if (signals.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            signals.drainPermits(); // one look at the outbox answers them all
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
        SqlConnection connection = pool.getConnection().await().atMost(SILENCE);
        try {
            listen(connection);
        } catch (RuntimeException failed) {
            listening = null;
            connection.closeAndForget(); // else each try would cost the pool one
            throw failed;
        }
    }

    private void listen(SqlConnection connection) {
        PgConnection postgres = PgConnection.cast(connection.getDelegate());
        postgres.notificationHandler(notification -> wake());
        postgres.closeHandler(closed -> {
            Log.debug("The connection that signals new messages is closed");
            listening = null;
            wake();
        });
        listening = connection; // before asking, so that a close cannot come between
        connection.query("LISTEN outbox").execute().await().atMost(SILENCE);
    }
}
