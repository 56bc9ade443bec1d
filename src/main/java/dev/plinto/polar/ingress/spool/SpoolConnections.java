package dev.plinto.polar.ingress.spool;

import dev.plinto.polar.postgres.SilentConnections;
import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The spool's own connections, so that it never waits for projection or readers. A delivery cannot wait for long, so a
/// connection that is silent is closed, and what waits for its answer fails.
@Singleton
@ReactiveDataSource(SpoolConnections.NAME)
class SpoolConnections implements PgPoolCreator {

    static final String NAME = "spool";

    private static final Duration CONNECT = Duration.ofMillis(500);
    /// Longer than a statement takes on a slow database, and than the drain waits for Kafka.
    private static final Duration SILENCE = Duration.ofSeconds(5);
    /// There are never more than two statements that write, one that drains and one that counts.
    private static final int MOST_WAITING = 4;

    @Override
    public Pool create(Input input) {
        return SilentConnections.pool(input, CONNECT, SILENCE, input.poolOptions()
                .setMaxWaitQueueSize(MOST_WAITING)
                .setConnectionTimeout(Math.toIntExact(SILENCE.toSeconds()))
                .setConnectionTimeoutUnit(TimeUnit.SECONDS));
    }
}
