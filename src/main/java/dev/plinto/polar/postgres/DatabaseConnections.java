package dev.plinto.polar.postgres;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The connection pool of every room except the spool. A connection silent for longer than any statement of this
/// service takes is dead: its server was replaced, or the network dropped it silently. It is closed; otherwise each
/// abandoned statement would occupy a connection until the pool is empty.
@Singleton
class DatabaseConnections implements PgPoolCreator {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    /// Shorter than every caller's own timeout: a connection granted after the caller gave up would leak.
    private static final int ACQUIRE_TIMEOUT_SECONDS = 4;

    private final DatabaseConfig config;

    DatabaseConnections(DatabaseConfig config) {
        this.config = config;
    }

    @Override
    public Pool create(Input input) {
        return SilentConnections.pool(input, CONNECT_TIMEOUT, config.silence(), input.poolOptions()
                .setConnectionTimeout(ACQUIRE_TIMEOUT_SECONDS)
                .setConnectionTimeoutUnit(TimeUnit.SECONDS));
    }
}
