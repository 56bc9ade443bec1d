package dev.plinto.polar.postgres;

import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Hears what transactions on any replica signal when they commit (`NOTIFY`), on a connection of its own. A signal may
/// be lost with that connection, so nobody may rely on signals alone. A connection that has died silently is closed
/// after `POLAR_DATABASE_SILENCE`, as one on which nothing was signalled: whoever waits then listens again.
public final class Signals {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Pool pool;
    private final String listen;
    private final Runnable heard;
    private volatile @Nullable SqlConnection listening;

    /// @param channels names in lower case
    /// @param heard    called at each signal, and when the connection has closed; must not block
    public Signals(Pool pool, List<String> channels, Runnable heard) {
        this.pool = pool;
        this.listen = channels.stream().map(channel -> "LISTEN " + channel).collect(Collectors.joining("; "));
        this.heard = heard;
    }

    public boolean isListening() {
        return listening != null;
    }

    /// Completes when every later signal is heard; what was signalled before may have been missed. Fails after some
    /// seconds if PostgreSQL does not answer. Not to be called while it is listening, or while another call runs.
    public Uni<Void> listen() {
        return pool.getConnection().chain(this::listenOn);
    }

    private Uni<Void> listenOn(SqlConnection connection) {
        PgConnection postgres = PgConnection.cast(connection.getDelegate());
        postgres.notificationHandler(notification -> heard.run());
        postgres.closeHandler(closed -> {
            Log.debug("The connection that listens for signals closed; another is opened when one is needed");
            listening = null;
            heard.run();
        });
        listening = connection; // before LISTEN, so that a close in between is not overwritten
        return connection.query(listen).execute().ifNoItem().after(LIMIT).fail()
                .onFailure().invoke(failed -> {
                    ignore(connection);
                    connection.closeAndForget(); // else each retry would leak one from the pool
                })
                .replaceWithVoid();
    }

    public void stop() {
        SqlConnection connection = listening;
        if (connection != null) {
            ignore(connection);
            connection.query("UNLISTEN *").execute().eventually(connection::close)
                    .subscribe().with(done -> {}, failure -> {});
        }
    }

    private void ignore(SqlConnection connection) {
        PgConnection postgres = PgConnection.cast(connection.getDelegate());
        postgres.notificationHandler(null);
        postgres.closeHandler(null); // it goes back to the pool, and may close when another one listens
        listening = null;
    }
}
