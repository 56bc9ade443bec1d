package dev.plinto.polar.ingress;

import dev.plinto.polar.SilentConnections;
import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnectOptions;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Connections of the spool's own, so that it never waits for projection or readers. A delivery cannot wait for long,
/// so neither does anything here: a connection that is silent is closed, and with it ends what waits for its answer.
@Singleton
@ReactiveDataSource(SpoolConnections.NAME)
class SpoolConnections implements PgPoolCreator {

    static final String NAME = "spool";

    private static final int CONNECT_MILLIS = 500;
    /// Longer than a statement takes on a slow database, and than the drain waits for Kafka.
    private static final int SILENCE_SECONDS = 5;
    /// Two statements that write, one that drains and one that counts are all there ever is.
    private static final int MOST_WAITING = 4;

    @Override
    public Pool create(Input input) {
        input.pgConnectOptionsList().forEach(options -> options
                .setConnectTimeout(CONNECT_MILLIS)
                .setIdleTimeout(SILENCE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS));
        List<SqlConnectOptions> servers = List.copyOf(input.pgConnectOptionsList());
        return PgBuilder.pool()
                .connectingTo(servers)
                .with(input.poolOptions()
                        .setMaxWaitQueueSize(MOST_WAITING)
                        .setConnectionTimeout(SILENCE_SECONDS)
                        .setConnectionTimeoutUnit(TimeUnit.SECONDS))
                .withConnectHandler(SilentConnections::hangUp)
                .using(input.vertx())
                .build();
    }
}
