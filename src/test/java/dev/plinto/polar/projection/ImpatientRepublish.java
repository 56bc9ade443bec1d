package dev.plinto.polar.projection;

import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;

/// Does not wait for the relay.
public final class ImpatientRepublish {

    public static RepublishState of(Pool pool) {
        return new RepublishState(pool, new Transactions(pool), new Partitions(pool), Clock.systemUTC(), Duration.ZERO);
    }

    private ImpatientRepublish() {}
}
