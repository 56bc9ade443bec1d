package dev.plinto.polar.bench;

import dev.plinto.polar.testing.Database;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.net.URI;

/// Bare reactive clients of the service's database.
final class Pools {

    static Pool to(Database database, int size, Vertx vertx) {
        URI uri = URI.create(database.jdbcUrl().substring("jdbc:".length()));
        return PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(size))
                .connectingTo(new PgConnectOptions().setHost(uri.getHost()).setPort(uri.getPort())
                        .setDatabase(uri.getPath().substring(1)).setUser(database.user())
                        .setPassword(database.password()).setCachePreparedStatements(true))
                .using(vertx).build();
    }

    private Pools() {}
}
