package dev.plinto.polar.ingress.spool;

import dev.plinto.polar.postgres.SilentConnections;
import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The spool's own connections, so that it never waits for projection or readers. A delivery cannot wait long: a silent
/// connection is closed, and the statements on it fail.
@Singleton
@ReactiveDataSource(SpoolConnections.NAME)
class SpoolConnections implements PgPoolCreator {

    static final String NAME = "spool";

    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);
    /// Longer than a statement on a slow database, and than the drain waits for Kafka.
    private static final Duration SILENCE_TIMEOUT = Duration.ofSeconds(5);
    /// At most two statements write, one drains and one counts.
    private static final int MAX_WAITING = 4;

    @Override
    public Pool create(Input input) {
        return SilentConnections.pool(input, CONNECT_TIMEOUT, SILENCE_TIMEOUT, input.poolOptions()
                .setMaxWaitQueueSize(MAX_WAITING)
                .setConnectionTimeout(Math.toIntExact(SILENCE_TIMEOUT.toSeconds()))
                .setConnectionTimeoutUnit(TimeUnit.SECONDS));
    }
}
