package dev.plinto.polar;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnectOptions;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Everybody's connections but the spool's. One that is silent for longer than any statement of ours takes is dead: its
/// server was replaced, or a network forgot it, and nobody said so. It is closed; else each statement that is given up would
/// take a connection from the pool, until none is left.
@Singleton
class DatabaseConnections implements PgPoolCreator {

    private static final int CONNECT_MILLIS = 3_000;
    private static final int SILENCE_SECONDS = 15;
    /// Shorter than anybody waits who gives the connection back himself: one that came later would be nobody's.
    private static final int WAITING_SECONDS = 4;

    @Override
    public Pool create(Input input) {
        input.pgConnectOptionsList().forEach(options -> options
                .setConnectTimeout(CONNECT_MILLIS)
                .setIdleTimeout(SILENCE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS));
        return PgBuilder.pool()
                .connectingTo(List.<SqlConnectOptions>copyOf(input.pgConnectOptionsList()))
                .with(input.poolOptions()
                        .setConnectionTimeout(WAITING_SECONDS)
                        .setConnectionTimeoutUnit(TimeUnit.SECONDS))
                .withConnectHandler(SilentConnections::hangUp)
                .using(input.vertx())
                .build();
    }
}
