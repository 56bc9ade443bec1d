package dev.plinto.polar.postgres;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The connections of every room but the spool. One that is silent for longer than any statement of this service takes
/// is dead: its server was replaced, or a network dropped it without a word. It is closed; otherwise each abandoned
/// statement would take a connection from the pool, until none is left.
@Singleton
class DatabaseConnections implements PgPoolCreator {

    private static final Duration CONNECT = Duration.ofSeconds(3);
    /// Shorter than every caller's own timeout: a connection granted after the caller gave up would leak.
    private static final int WAITING_SECONDS = 4;

    private final DatabaseConfig config;

    DatabaseConnections(DatabaseConfig config) {
        this.config = config;
    }

    @Override
    public Pool create(Input input) {
        return SilentConnections.pool(input, CONNECT, config.silence(), input.poolOptions()
                .setConnectionTimeout(WAITING_SECONDS)
                .setConnectionTimeoutUnit(TimeUnit.SECONDS));
    }
}
